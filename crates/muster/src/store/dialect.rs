//! The few places where SQLite and PostgreSQL need different words, both versions side by side.

/// Which language a database speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL, or an engine that is compatible with it.
    Postgres,
}

/// A statement. Nearly always one text for both databases, and then a plain `&'static str` will do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sql {
    /// What SQLite is asked.
    pub sqlite: &'static str,
    /// What PostgreSQL is asked.
    pub postgres: &'static str,
}

impl From<&'static str> for Sql {
    fn from(both: &'static str) -> Self {
        Self { sqlite: both, postgres: both }
    }
}

/// How many tables are named `migrations`: 0 in a new database.
pub(super) const COUNT_MIGRATION_TABLES: Sql = Sql {
    sqlite: "SELECT count(*) AS tables FROM sqlite_master WHERE type = 'table' AND name = 'migrations'",
    postgres: "SELECT count(*) AS tables FROM pg_catalog.pg_tables
               WHERE tablename = 'migrations' AND schemaname = current_schema()",
};

/// Tokens that a migration may use, with what they stand for on SQLite and on PostgreSQL.
///
/// `{TEXT}` sorts and compares by bytes on both, whatever locale the PostgreSQL database was made with. `{STRICT}`, after
/// the closing bracket of a table, makes SQLite check types as PostgreSQL always does; such a table knows `{INT}` but
/// not BIGINT.
const TOKENS: [(&str, &str, &str); 4] = [
    ("{TEXT}", "TEXT", "TEXT COLLATE \"C\""),
    ("{INT}", "INT", "BIGINT"),
    ("{BLOB}", "BLOB", "BYTEA"),
    ("{STRICT}", "STRICT", ""),
];

impl Dialect {
    /// The text of a migration in this dialect.
    pub(super) fn render(self, migration: &str) -> String {
        TOKENS.iter().fold(migration.to_owned(), |text, (token, sqlite, postgres)| {
            text.replace(
                token,
                match self {
                    Self::Sqlite => sqlite,
                    Self::Postgres => postgres,
                },
            )
        })
    }
}

/// `sql` with `$1` written as `?1`: to SQLite `$1` would be a name, numbered by where it first appears. A `$` before
/// anything but a digit, as in the JSON path `'$.name'`, stays.
pub(super) fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        let parameter = c == '$' && chars.peek().is_some_and(char::is_ascii_digit);
        out.push(if parameter { '?' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_and_nothing_else_changes() {
        for (sql, expected) in [
            ("SELECT $2, $1", "SELECT ?2, ?1"),
            ("SELECT $12", "SELECT ?12"),
            ("SELECT json_extract(a, '$.b') = $1", "SELECT json_extract(a, '$.b') = ?1"),
            ("SELECT 'ü$'", "SELECT 'ü$'"),
            ("", ""),
        ] {
            assert_eq!(numbered(sql), expected);
        }
    }

    #[test]
    fn tokens_stand_for_what_each_database_says() {
        let text = "CREATE TABLE t (a {TEXT} PRIMARY KEY, b {INT} NOT NULL, c {BLOB}) {STRICT};";
        assert_eq!(Dialect::Sqlite.render(text), "CREATE TABLE t (a TEXT PRIMARY KEY, b INT NOT NULL, c BLOB) STRICT;");
        assert_eq!(
            Dialect::Postgres.render(text),
            "CREATE TABLE t (a TEXT COLLATE \"C\" PRIMARY KEY, b BIGINT NOT NULL, c BYTEA) ;"
        );
    }
}
