//! What comes out of a statement: rows whose fields are taken by name.

use super::{Error, Value};
use muster_core::Time;
use std::sync::Arc;

/// One row of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(super) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// The field of that name: `let due: Option<Time> = row.get("due_at")?`.
    ///
    /// # Errors
    /// [`Error::Bug`] naming the column, if the answer has none of that name, or two, or if the value is not a `T`.
    /// Give computed columns a name with AS; the databases invent different ones.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, Error> {
        let mut found = self.columns.iter().zip(&self.values).filter(|(name, _)| *name == column);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => T::from_value(value).map_err(|Mismatch(expected)| {
                Error::Bug(format!("column {column}: {} is not {expected}", value.kind()))
            }),
            (Some(_), Some(_)) => Err(Error::Bug(format!("two columns named {column}; tell them apart with AS"))),
            (None, _) => Err(Error::Bug(format!("no column {column}; there are: {}", self.columns.join(", ")))),
        }
    }
}

/// What a field can be read as. Implement it for a type of the process that is kept as a word or a number.
pub trait FromValue: Sized {
    /// Reads `value`.
    ///
    /// # Errors
    /// If it is not such a value.
    fn from_value(value: &Value) -> Result<Self, Mismatch>;
}

/// What a value should have been, as in "text is not {a number}".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mismatch(pub &'static str);

impl FromValue for i64 {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        match value {
            Value::Int(n) => Ok(*n),
            Value::Null | Value::Text(_) | Value::Bytes(_) | Value::TooBig(_) => Err(Mismatch("a number")),
        }
    }
}
impl FromValue for u64 {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        let n = i64::from_value(value)?;
        n.try_into().map_err(|_| Mismatch("a number from 0"))
    }
}
impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        match value {
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            Value::Int(_) | Value::Null | Value::Text(_) | Value::Bytes(_) | Value::TooBig(_) => {
                Err(Mismatch("0 or 1"))
            }
        }
    }
}
impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        match value {
            Value::Text(s) => Ok(s.clone()),
            Value::Null | Value::Int(_) | Value::Bytes(_) | Value::TooBig(_) => Err(Mismatch("text")),
        }
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        match value {
            Value::Bytes(b) => Ok(b.clone()),
            Value::Null | Value::Int(_) | Value::Text(_) | Value::TooBig(_) => Err(Mismatch("bytes")),
        }
    }
}
impl FromValue for Time {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        Self::from_millisecond(i64::from_value(value)?).map_err(|_| Mismatch("a time that a calendar can show"))
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self, Mismatch> {
        match value {
            Value::Null => Ok(None),
            Value::Int(_) | Value::Text(_) | Value::Bytes(_) | Value::TooBig(_) => T::from_value(value).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::at_ms;

    fn row(fields: &[(&str, Value)]) -> Row {
        Row::new(
            fields.iter().map(|(name, _)| (*name).to_owned()).collect(),
            fields.iter().map(|f| f.1.clone()).collect(),
        )
    }

    #[test]
    fn a_field_is_what_it_is_asked_for_as() {
        let row = row(&[("n", Value::Int(1)), ("s", "x".into()), ("none", Value::Null), ("b", (&b"\0"[..]).into())]);
        assert_eq!(row.get::<i64>("n"), Ok(1));
        assert_eq!(row.get::<u64>("n"), Ok(1));
        assert_eq!(row.get::<bool>("n"), Ok(true));
        assert_eq!(row.get::<Time>("n"), Ok(at_ms(1)));
        assert_eq!(row.get::<Option<String>>("s"), Ok(Some("x".to_owned())));
        assert_eq!(row.get::<Option<String>>("none"), Ok(None));
        assert_eq!(row.get::<Vec<u8>>("b"), Ok(vec![0]));
    }

    #[test]
    fn an_error_names_the_column_and_never_the_value() {
        let row = row(&[("n", Value::Int(-7)), ("s", "secret".into()), ("twice", Value::Null), ("twice", Value::Null)]);
        for (got, text) in [
            (row.get::<u64>("n").err(), "column n: a number is not a number from 0"),
            (row.get::<bool>("n").err(), "column n: a number is not 0 or 1"),
            (row.get::<i64>("s").err(), "column s: text is not a number"),
            (row.get::<Option<Vec<u8>>>("s").err(), "column s: text is not bytes"),
            (row.get::<i64>("twice").err(), "two columns named twice; tell them apart with AS"),
            (row.get::<i64>("m").err(), "no column m; there are: n, s, twice, twice"),
        ] {
            assert_eq!(got, Some(Error::Bug(text.to_owned())));
        }
    }
}
