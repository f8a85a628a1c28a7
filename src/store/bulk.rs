//! Many rows a statement: insert, upsert, delete and select by lists of keys.
//!
//! Databases bound the values a statement may bind, and preparing a statement costs more than running it. So lists are cut into
//! pieces of a few sizes only, and the connections keep the prepared statements.

use std::fmt::Write;

use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DatabaseBackend, EntityTrait, IdenStatic, IntoActiveModel,
    Iterable, PrimaryKeyToColumn, Statement, Value,
};

use super::StoreError;

/// Rows of the largest insert; beyond it a larger one is no faster.
const ROWS: usize = 512;
/// Keys of the largest list.
const KEYS: usize = 512;

/// Values one statement may bind.
const fn binds(backend: DatabaseBackend) -> usize {
    match backend {
        DatabaseBackend::Sqlite => 32_766,
        _ => 65_535,
    }
}

/// Inserts rows that are not there yet.
pub async fn insert<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    write::<E>(db, rows, false).await
}

/// Inserts rows, or replaces the ones that have their keys.
pub async fn upsert<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    write::<E>(db, rows, true).await
}

async fn write<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>, replaces: bool) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let backend = db.get_database_backend();
    let largest = power_of_two(binds(backend) / columns.len().max(1)).min(ROWS);
    let mut left = rows.len();
    let mut rows = rows.into_iter();
    while left > 0 {
        let count = power_of_two(left).min(largest);
        let mut values: Vec<Value> = Vec::with_capacity(count * columns.len());
        for row in rows.by_ref().take(count) {
            let mut row = row.into_active_model();
            for column in &columns {
                if let ActiveValue::Set(value) | ActiveValue::Unchanged(value) = row.take(*column) {
                    values.push(value);
                }
            }
        }
        let sql = insert_sql::<E>(backend, &columns, count, replaces);
        db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        left -= count;
    }
    Ok(())
}

fn insert_sql<E: EntityTrait>(backend: DatabaseBackend, columns: &[E::Column], rows: usize, replaces: bool) -> String {
    let names: Vec<String> = columns.iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    let mut sql = format!("INSERT INTO \"{}\" ({}) VALUES ", E::default().table_name(), names.join(", "));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        places(&mut sql, backend, row * columns.len(), columns.len());
        sql.push(')');
    }
    if replaces {
        let key: Vec<String> = E::PrimaryKey::iter().map(|key| format!("\"{}\"", key.into_column().as_str())).collect();
        let sets: Vec<String> =
            names.iter().filter(|name| !key.contains(name)).map(|name| format!("{name} = excluded.{name}")).collect();
        let action = if sets.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", sets.join(", ")) };
        sql.push_str(&format!(" ON CONFLICT ({}) DO {action}", key.join(", ")));
    }
    sql
}

/// `count` placeholders after the first `before`.
fn places(sql: &mut String, backend: DatabaseBackend, before: usize, count: usize) {
    for place in 1..=count {
        let comma = if place == 1 { "" } else { ", " };
        // Writing to a string never fails.
        let _ = match backend {
            DatabaseBackend::Postgres => write!(sql, "{comma}${}", before + place),
            _ => write!(sql, "{comma}?"),
        };
    }
}

/// The largest power of two that is at most `number`, at least 1.
fn power_of_two(number: usize) -> usize {
    1 << number.max(1).ilog2()
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
    fn statement(&self, backend: DatabaseBackend, begin: &str, keys: &[Value]) -> Option<Statement> {
        let last = keys.last()?;
        let mut values = vec![Value::from(self.workspace)];
        let mut sql = format!("{begin} WHERE \"workspace\" = ");
        places(&mut sql, backend, 0, 1);
        if let Some((column, value)) = self.and {
            let _ = write!(sql, " AND \"{column}\" = ");
            places(&mut sql, backend, 1, 1);
            values.push(Value::from(value));
        }
        let _ = write!(sql, " AND \"{}\" IN (", self.column);
        // Filled up with the last key, so that only lists of a few lengths are ever prepared.
        let count = keys.len().next_power_of_two();
        places(&mut sql, backend, values.len(), count);
        sql.push(')');
        values.extend(keys.iter().cloned());
        values.extend(std::iter::repeat_n(last.clone(), count - keys.len()));
        Some(Statement::from_sql_and_values(backend, sql, values))
    }
}

/// Deletes rows by a list of keys.
pub async fn delete<E: EntityTrait>(
    db: &impl ConnectionTrait,
    among: Among<'_>,
    keys: Vec<Value>,
) -> Result<(), StoreError> {
    let begin = format!("DELETE FROM \"{}\"", E::default().table_name());
    for piece in keys.chunks(KEYS) {
        if let Some(statement) = among.statement(db.get_database_backend(), &begin, piece) {
            db.execute_raw(statement).await?;
        }
    }
    Ok(())
}

/// Reads rows by a list of keys, in no order.
pub async fn select<E: EntityTrait>(
    db: &impl ConnectionTrait,
    among: Among<'_>,
    keys: Vec<Value>,
) -> Result<Vec<E::Model>, StoreError> {
    let names: Vec<String> = E::Column::iter().map(|column| format!("\"{}\"", column.as_str())).collect();
    let begin = format!("SELECT {} FROM \"{}\"", names.join(", "), E::default().table_name());
    let mut rows = Vec::new();
    for piece in keys.chunks(KEYS) {
        if let Some(statement) = among.statement(db.get_database_backend(), &begin, piece) {
            rows.append(&mut E::find().from_raw_sql(statement).all(db).await?);
        }
    }
    Ok(rows)
}

/// Texts as keys.
pub fn texts<S: AsRef<str>>(keys: impl IntoIterator<Item = S>) -> Vec<Value> {
    keys.into_iter().map(|key| Value::from(key.as_ref())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::entity::tag;

    #[test]
    fn statements_are_of_the_database() {
        let columns: Vec<tag::Column> = tag::Column::iter().collect();
        assert_eq!(
            insert_sql::<tag::Entity>(DatabaseBackend::Postgres, &columns, 2, true),
            "INSERT INTO \"tag\" (\"workspace\", \"id\", \"name\") VALUES ($1, $2, $3), ($4, $5, $6) \
             ON CONFLICT (\"workspace\", \"id\") DO UPDATE SET \"name\" = excluded.\"name\""
        );
        let among = Among { workspace: "w", and: Some(("kind", "message")), column: "id" };
        let statement = among.statement(DatabaseBackend::Sqlite, "DELETE FROM \"event\"", &texts(["a", "b", "c"]));
        let statement = statement.unwrap();
        assert_eq!(
            statement.sql,
            "DELETE FROM \"event\" WHERE \"workspace\" = ? AND \"kind\" = ? AND \"id\" IN (?, ?, ?, ?)"
        );
        assert_eq!(statement.values.unwrap().0.len(), 6);
    }
}
