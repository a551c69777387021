//! What goes into a statement: the four kinds of value that both databases hold alike.

use super::Error;
use muster_core::{Time, ids};

/// A parameter, or a field of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// NULL.
    Null,
    /// A number; also a boolean as 0 or 1, and a time in milliseconds since 1970-01-01T00:00Z.
    Int(i64),
    /// Text without NUL, which PostgreSQL cannot hold. Raw payloads are [`Value::Bytes`].
    Text(String),
    /// Any bytes.
    Bytes(Vec<u8>),
    /// A number that fits neither database. It is refused when it is used, rather than stored as another number.
    TooBig(u64),
}

impl Value {
    /// Refuses what only one of the databases would refuse.
    pub(super) fn check(&self, sql: &str, place: usize) -> Result<(), Error> {
        match self {
            Self::Text(s) if s.contains('\0') => Err(Error::nul_in(sql)),
            Self::TooBig(_) => {
                Err(Error::bug_in(sql, format_args!("parameter ${place}: a number above 9223372036854775807")))
            }
            Self::Null | Self::Int(_) | Self::Text(_) | Self::Bytes(_) => Ok(()),
        }
    }

    /// What kind of value it is, for errors. Never the value itself, which may be personal.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) | Self::TooBig(_) => "a number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        }
    }
}

/// Refuses parameters that only one of the databases would refuse, with one error for both.
pub(super) fn check_all(sql: &str, params: &[Value]) -> Result<(), Error> {
    (1..).zip(params).try_for_each(|(place, value)| value.check(sql, place))
}

/// The parameters of a statement: `params![&alert.id, now, "open", None::<i64>]` is a `&[Value]`, whose first element is
/// `$1`. Anything with a `From` for [`Value`] goes in.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::store::Value::from(::std::clone::Clone::clone(&$value))),*] };
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}
/// For numbers written in place.
impl From<i32> for Value {
    fn from(n: i32) -> Self {
        Self::Int(n.into())
    }
}
impl From<u32> for Value {
    fn from(n: u32) -> Self {
        Self::Int(n.into())
    }
}
impl From<u64> for Value {
    fn from(n: u64) -> Self {
        i64::try_from(n).map_or(Self::TooBig(n), Self::Int)
    }
}
impl From<usize> for Value {
    fn from(n: usize) -> Self {
        u64::try_from(n).map_or(Self::TooBig(u64::MAX), Self::from)
    }
}
impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Int(b.into())
    }
}
impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Self::Text(s.to_owned())
    }
}
impl From<String> for Value {
    fn from(s: String) -> Self {
        Self::Text(s)
    }
}
impl From<&String> for Value {
    fn from(s: &String) -> Self {
        Self::Text(s.clone())
    }
}
impl From<Vec<u8>> for Value {
    fn from(b: Vec<u8>) -> Self {
        Self::Bytes(b)
    }
}
impl From<&Vec<u8>> for Value {
    fn from(b: &Vec<u8>) -> Self {
        Self::Bytes(b.clone())
    }
}
impl From<&[u8]> for Value {
    fn from(b: &[u8]) -> Self {
        Self::Bytes(b.to_vec())
    }
}
impl<const N: usize> From<&[u8; N]> for Value {
    fn from(b: &[u8; N]) -> Self {
        Self::Bytes(b.to_vec())
    }
}
/// To the millisecond; what is below it is cut off.
impl From<Time> for Value {
    fn from(t: Time) -> Self {
        Self::Int(t.as_millisecond())
    }
}
impl<T> From<Option<T>> for Value
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

/// Ids go in as their text, owned or borrowed, and come out of a row as themselves.
macro_rules! ids {
    ($($id:ident),+ $(,)?) => {$(
        impl From<ids::$id> for Value {
            fn from(id: ids::$id) -> Self {
                Self::Text(id.0)
            }
        }
        impl From<&ids::$id> for Value {
            fn from(id: &ids::$id) -> Self {
                Self::Text(id.0.clone())
            }
        }
        impl super::FromValue for ids::$id {
            fn from_value(value: &Value) -> Result<Self, super::Mismatch> {
                String::from_value(value).map(Self)
            }
        }
    )+};
}
ids!(PersonId, AreaId, PopulationId, SystemId, IntakeId, SubjectId, AlertId, SummonsId, AttemptId);

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::{at_ms, ids::SystemId};

    #[test]
    fn what_people_pass_becomes_one_of_the_four_kinds() {
        let system = SystemId::from("email");
        let given: &[Value] = params![
            -1,
            7_u32,
            7_u64,
            7_usize,
            true,
            "a",
            &String::from("b"),
            &b"c"[..],
            at_ms(1_500),
            &system,
            Some(&system),
            None::<&SystemId>,
        ];
        let (int, text) = (Value::Int, |s: &str| Value::Text(s.to_owned()));
        assert_eq!(
            given,
            [
                int(-1),
                int(7),
                int(7),
                int(7),
                int(1),
                text("a"),
                text("b"),
                Value::Bytes(b"c".to_vec()),
                int(1_500),
                text("email"),
                text("email"),
                Value::Null
            ]
        );
        assert_eq!(check_all("SELECT 1", given), Ok(()));
    }

    #[test]
    fn what_a_database_cannot_hold_is_refused_and_never_stored_as_something_else() {
        assert_eq!(Value::from(i64::MAX.unsigned_abs()), Value::Int(i64::MAX));
        assert_eq!(check_all("SELECT $1", params![&b"a\0b"[..]]), Ok(()));
        assert_eq!(check_all("SELECT  $1,\n $2", params!["private\0", 1]), Err(Error::Nul("SELECT $1, $2".into())));
        let too_big = "parameter $2: a number above 9223372036854775807 in: SELECT $1, $2".into();
        assert_eq!(check_all("SELECT $1, $2", params![1, u64::MAX]), Err(Error::Bug(too_big)));
    }
}
