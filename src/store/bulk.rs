//! Many rows a statement: insert, upsert, delete and select by lists of keys.
//!
//! A list of keys is one bound value, so that a statement is prepared once for lists of any length: an array on PostgreSQL, JSON on
//! SQLite.

pub mod copy;
pub mod field;
mod insert;

use sea_orm::sea_query::ArrayType;
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, IdenStatic, Iterable};
use sea_orm::{Statement, Value};

use self::field::Row;
use super::StoreError;
use super::transaction::{Piece, Transaction};

/// Keys of the largest list.
const KEYS: usize = 16_384;

/// The pieces in which rows go in that are not there yet; for [`Transaction::write`].
pub use insert::{Inserter, insert as insert_pieces};

/// Inserts rows that are not there yet.
pub async fn insert<E: EntityTrait>(db: &Transaction, rows: Vec<impl Row<E>>) -> Result<(), StoreError> {
    for piece in insert::insert::<E>(db.get_database_backend(), rows) {
        db.write(piece).await?;
    }
    Ok(())
}

/// Inserts rows, or replaces the ones that have their keys.
pub async fn upsert<E: EntityTrait>(db: &Transaction, rows: Vec<impl Row<E>>) -> Result<(), StoreError> {
    for piece in insert::upsert::<E>(db.get_database_backend(), rows) {
        db.write(piece).await?;
    }
    Ok(())
}

/// The pieces that replace rows that are there, given the column that with the workspace is their key. SQLite changes them in place,
/// since most of their indexes stay as they are; PostgreSQL writes a changed row anew in any case, and COPY is the fastest way.
pub fn replace_pieces<E: EntityTrait>(
    backend: DatabaseBackend,
    among: Among<'_>,
    keys: &Keys,
    rows: Vec<impl Row<E>>,
) -> Vec<Piece> {
    if backend != DatabaseBackend::Postgres {
        return insert::upsert::<E>(backend, rows).collect();
    }
    let mut pieces = delete_pieces::<E>(backend, among, keys);
    pieces.extend(insert::insert::<E>(backend, rows));
    pieces
}

/// Keys that are looked for, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Of a text column.
    Texts(Vec<String>),
    /// Of a number column.
    Numbers(Vec<i64>),
}

/// Texts as keys.
pub fn texts<S: AsRef<str>>(keys: impl IntoIterator<Item = S>) -> Keys {
    let mut keys: Vec<String> = keys.into_iter().map(|key| key.as_ref().to_owned()).collect();
    // Neighbours in the index are looked for one after the other.
    keys.sort_unstable();
    keys.dedup();
    Keys::Texts(keys)
}

/// Numbers as keys.
pub fn numbers(keys: impl IntoIterator<Item = i64>) -> Keys {
    let mut keys: Vec<i64> = keys.into_iter().collect();
    keys.sort_unstable();
    keys.dedup();
    Keys::Numbers(keys)
}

impl Keys {
    /// Indicates a text is among them.
    pub fn contains(&self, text: &str) -> bool {
        match self {
            Keys::Texts(keys) => keys.binary_search_by(|key| key.as_str().cmp(text)).is_ok(),
            Keys::Numbers(_) => false,
        }
    }

    /// The lists as they are bound.
    pub fn bound(&self, backend: DatabaseBackend) -> Vec<Value> {
        match self {
            Keys::Texts(keys) => keys.chunks(KEYS).map(|keys| bound(backend, ArrayType::String, keys)).collect(),
            Keys::Numbers(keys) => keys.chunks(KEYS).map(|keys| bound(backend, ArrayType::BigInt, keys)).collect(),
        }
    }
}

fn bound<K>(backend: DatabaseBackend, kind: ArrayType, keys: &[K]) -> Value
where
    K: Clone + Into<Value> + Into<serde_json::Value>,
{
    match backend {
        DatabaseBackend::Postgres => Value::Array(kind, Some(Box::new(keys.iter().cloned().map(Into::into).collect()))),
        _ => Value::from(serde_json::Value::from(keys.to_vec()).to_string()),
    }
}

/// Which rows: those of a workspace, with `column` in a list and, when given, with one value of another column.
#[derive(Clone, Copy)]
pub struct Among<'a> {
    /// The workspace, or its column's value.
    pub workspace: &'a str,
    /// A further column and its value.
    pub and: Option<(&'static str, &'a str)>,
    /// The column whose values are listed.
    pub column: &'static str,
}

impl Among<'_> {
    fn statement(&self, backend: DatabaseBackend, sql: &str, keys: Value) -> Statement {
        let mut values = vec![Value::from(self.workspace), keys];
        values.extend(self.and.map(|(_, value)| Value::from(value)));
        Statement::from_sql_and_values(backend, sql, values)
    }

    /// The rows, each found by a look into an index, whatever the planner believes of a table: PostgreSQL knows nothing of one that was
    /// just filled, takes the workspace for nearly unique and would read all of it. What cannot be flattened is run key by key.
    fn listed(&self, backend: DatabaseBackend, table: &str, columns: &str) -> String {
        let column = self.column;
        match backend {
            DatabaseBackend::Postgres => {
                let and = self.and.map(|(column, _)| format!(" AND \"{column}\" = $3")).unwrap_or_default();
                format!(
                    "SELECT t.* FROM unnest($2) AS k(key) CROSS JOIN LATERAL (SELECT {columns} FROM \"{table}\" \
                     WHERE \"workspace\" = $1{and} AND \"{column}\" = k.key OFFSET 0) AS t"
                )
            }
            _ => format!("SELECT {columns} FROM \"{table}\" WHERE {}", self.among_json()),
        }
    }

    fn among_json(&self) -> String {
        let and = self.and.map(|(column, _)| format!(" AND \"{column}\" = ?3")).unwrap_or_default();
        format!("\"workspace\" = ?1{and} AND \"{}\" IN (SELECT value FROM json_each(?2))", self.column)
    }
}

/// The pieces that delete rows by a list of keys.
pub fn delete_pieces<E: EntityTrait>(backend: DatabaseBackend, among: Among<'_>, keys: &Keys) -> Vec<Piece> {
    let table = E::default().table_name().to_owned();
    let sql = match backend {
        // The rows stay where they are until the end of the transaction, as nobody else writes to the workspace.
        DatabaseBackend::Postgres => {
            let rows = among.listed(backend, &table, "ctid AS place");
            format!("DELETE FROM \"{table}\" WHERE ctid = ANY(ARRAY({rows}))")
        }
        _ => format!("DELETE FROM \"{table}\" WHERE {}", among.among_json()),
    };
    let statements = keys.bound(backend).into_iter().map(|keys| among.statement(backend, &sql, keys));
    statements.map(Piece::Statement).collect()
}

/// Deletes rows by a list of keys.
pub async fn delete<E: EntityTrait>(db: &Transaction, among: Among<'_>, keys: &Keys) -> Result<(), StoreError> {
    for piece in delete_pieces::<E>(db.get_database_backend(), among, keys) {
        db.write(piece).await?;
    }
    Ok(())
}

/// Reads rows by a list of keys, in no order.
pub async fn select<E: EntityTrait>(
    db: &impl ConnectionTrait,
    among: Among<'_>,
    keys: &Keys,
) -> Result<Vec<E::Model>, StoreError> {
    let backend = db.get_database_backend();
    let columns: Vec<String> = E::Column::iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    let sql = among.listed(backend, E::default().table_name(), &columns.join(", "));
    let mut rows = Vec::new();
    for keys in keys.bound(backend) {
        rows.append(&mut E::find().from_raw_sql(among.statement(backend, &sql, keys)).all(db).await?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::entity::event;

    #[test]
    fn a_list_is_one_value_with_each_key_once() {
        assert_eq!(texts(["b", "a", "b"]), Keys::Texts(vec!["a".into(), "b".into()]));
        assert_eq!(numbers([2, 1, 2]).bound(DatabaseBackend::Sqlite), [Value::from("[1,2]")]);
        assert_eq!(texts(["a\"\\"]).bound(DatabaseBackend::Sqlite), [Value::from(r#"["a\"\\"]"#)]);
        assert_eq!(texts((0..KEYS + 1).map(|n| n.to_string())).bound(DatabaseBackend::Postgres).len(), 2);
        assert!(texts(Vec::<String>::new()).bound(DatabaseBackend::Sqlite).is_empty());
    }

    #[test]
    fn statements_are_of_the_database() {
        let among = Among { workspace: "w", and: Some(("kind", "message")), column: "id" };
        let sql = |backend| match delete_pieces::<event::Entity>(backend, among, &texts(["a"])).as_slice() {
            [Piece::Statement(statement)] => statement.sql.clone(),
            _ => panic!("no statement"),
        };
        assert_eq!(
            sql(DatabaseBackend::Sqlite),
            "DELETE FROM \"event\" WHERE \"workspace\" = ?1 AND \"kind\" = ?3 AND \"id\" IN (SELECT value FROM json_each(?2))"
        );
        assert_eq!(
            sql(DatabaseBackend::Postgres),
            "DELETE FROM \"event\" WHERE ctid = ANY(ARRAY(SELECT t.* FROM unnest($2) AS k(key) CROSS JOIN LATERAL \
             (SELECT ctid AS place FROM \"event\" WHERE \"workspace\" = $1 AND \"kind\" = $3 AND \"id\" = k.key OFFSET 0) AS t))"
        );
    }
}
