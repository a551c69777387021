//! Values on their way to PostgreSQL and back.

use super::super::Value;
use std::error::Error;
use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(n), &Type::INT8) => n.to_sql(ty, out),
            // Where no column gives the type, as in `SELECT $1 + 1`, the server chooses the smaller ones.
            (Self::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(ty, out),
            (Self::Int(n), &Type::INT2) => i16::try_from(*n)?.to_sql(ty, out),
            (Self::Text(s), &Type::TEXT | &Type::VARCHAR | &Type::NAME | &Type::UNKNOWN) => s.to_sql(ty, out),
            (Self::Bytes(b), &Type::BYTEA) => b.to_sql(ty, out),
            _ => Err(format!("{} for a parameter of type {ty}", self.kind()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true // `to_sql` says it better
    }

    fn to_sql_checked(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql(ty, out)
    }
}

/// The fields of a row, in order.
///
/// # Errors
/// If a column is of a type that SQLite doesn't know.
pub(super) fn of_row(row: &Row) -> Result<Vec<Value>, String> {
    let field = |(i, column): (usize, &tokio_postgres::Column)| {
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(i).map(Value::from),
            Type::INT4 => row.try_get::<_, Option<i32>>(i).map(|n| n.map(i64::from).into()),
            Type::INT2 => row.try_get::<_, Option<i16>>(i).map(|n| n.map(i64::from).into()),
            Type::BOOL => row.try_get::<_, Option<bool>>(i).map(Value::from),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => {
                row.try_get::<_, Option<&str>>(i).map(Value::from)
            }
            Type::BYTEA => row.try_get::<_, Option<&[u8]>>(i).map(Value::from),
            ref ty => return Err(format!("column {} is of type {ty}: cast it AS BIGINT or AS TEXT", column.name())),
        };
        value.map_err(|e| super::errors::chain(&e))
    };
    row.columns().iter().enumerate().map(field).collect()
}
