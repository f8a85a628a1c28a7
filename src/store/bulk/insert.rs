//! Many new rows of one table: a statement of many rows for SQLite, COPY for PostgreSQL.
//!
//! Preparing a statement costs SQLite more than running it, so rows are cut into pieces of a few sizes only, and the connection
//! keeps the prepared statements. Columns that are null throughout are left out: events have many of those.

use std::iter::repeat_n;
use std::marker::PhantomData;

use sea_orm::{DatabaseBackend, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn, Statement, Value};

use super::copy::encode;
use super::field::{Field, Row, null_of};
use crate::store::transaction::Piece;

/// Rows of SQLite's largest insert; beyond it a larger one is no faster, and its values want fresh memory.
const ROWS: usize = 128;
/// Values that are encoded for COPY at once: few enough for the cache to have them.
const COPY_VALUES: usize = 16_384;
/// Values that one statement may bind.
const SQLITE_BINDS: usize = 32_766;
const POSTGRES_BINDS: usize = 65_535;

/// The pieces in which rows go in that are not there yet.
pub fn insert<E: EntityTrait>(
    backend: DatabaseBackend,
    rows: impl IntoIterator<Item = impl Row<E>, IntoIter: ExactSizeIterator>,
) -> impl Iterator<Item = Piece> {
    Pieces::<E, _>::new(backend, rows.into_iter(), Way::Insert)
}

/// The pieces in which rows go in, or replace the ones that have their keys.
pub fn upsert<E: EntityTrait>(
    backend: DatabaseBackend,
    rows: impl IntoIterator<Item = impl Row<E>, IntoIter: ExactSizeIterator>,
) -> impl Iterator<Item = Piece> {
    Pieces::<E, _>::new(backend, rows.into_iter(), Way::Upsert)
}

/// Rows of one table on their way in by several calls. Rows of the same columns that follow one another are one COPY, so a column that was
/// used once is so from then on.
pub struct Inserter<E> {
    is_used: Vec<bool>,
    table: PhantomData<E>,
}

impl<E> Default for Inserter<E> {
    fn default() -> Inserter<E> {
        Inserter { is_used: Vec::new(), table: PhantomData }
    }
}

impl<E: EntityTrait> Inserter<E> {
    /// The pieces in which further rows go in.
    pub fn pieces(
        &mut self,
        backend: DatabaseBackend,
        rows: impl IntoIterator<Item = impl Row<E>, IntoIter: ExactSizeIterator>,
    ) -> Vec<Piece> {
        let mut pieces = Pieces::<E, _>::new(backend, rows.into_iter(), Way::Insert);
        pieces.was_used = std::mem::take(&mut self.is_used);
        let made = pieces.by_ref().collect();
        self.is_used = pieces.was_used;
        made
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Insert,
    Upsert,
}

struct Pieces<E: EntityTrait, R> {
    backend: DatabaseBackend,
    rows: R,
    way: Way,
    columns: Vec<E::Column>,
    /// The null of each column.
    nulls: Vec<Value>,
    /// Rows of the largest piece.
    largest: usize,
    /// Columns that earlier pieces used.
    was_used: Vec<bool>,
    /// The statement of the last piece, with its columns and rows.
    last: Option<(Vec<bool>, usize, String)>,
}

impl<E: EntityTrait, R> Pieces<E, R> {
    fn new(backend: DatabaseBackend, rows: R, way: Way) -> Pieces<E, R> {
        let columns: Vec<E::Column> = E::Column::iter().collect();
        let width = columns.len().max(1);
        let largest = match (backend, way) {
            (DatabaseBackend::Postgres, Way::Insert) => COPY_VALUES / width,
            (DatabaseBackend::Postgres, Way::Upsert) => power_of_two(POSTGRES_BINDS / width).min(ROWS),
            _ => power_of_two(SQLITE_BINDS / width).min(ROWS),
        };
        let nulls = columns.iter().map(|column| null_of(*column)).collect();
        Pieces { backend, rows, way, columns, nulls, largest, was_used: Vec::new(), last: None }
    }

    fn is_copy(&self) -> bool {
        self.backend == DatabaseBackend::Postgres && self.way == Way::Insert
    }

    /// The statement that writes `count` rows of the columns in use; of a COPY, which takes as many as there are, 0.
    fn sql(&mut self, is_used: Vec<bool>, count: usize) -> String {
        if let Some((columns, rows, sql)) = &self.last
            && *columns == is_used
            && *rows == count
        {
            return sql.clone();
        }
        let names: Vec<String> =
            used(&self.columns, &is_used).map(|column| format!("\"{}\"", column.as_str())).collect();
        let table = E::default().table_name().to_owned();
        let mut sql = match self.is_copy() {
            true => format!("COPY \"{table}\" ({}) FROM STDIN BINARY", names.join(", ")),
            false => values_sql(self.backend, &table, &names, count),
        };
        if self.way == Way::Upsert {
            sql.push_str(&on_conflict::<E>(&names));
        }
        self.last = Some((is_used, count, sql.clone()));
        sql
    }
}

impl<E, R> Iterator for Pieces<E, R>
where
    E: EntityTrait,
    R: ExactSizeIterator<Item: Row<E>>,
{
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let left = self.rows.len();
        if left == 0 {
            return None;
        }
        let count = if self.is_copy() { left } else { power_of_two(left) }.min(self.largest);
        let rows: Vec<_> = self.rows.by_ref().take(count).collect();
        let mut fields: Vec<Field<'_>> = Vec::with_capacity(count * self.columns.len());
        for row in &rows {
            fields.extend(self.columns.iter().map(|column| row.field(*column)));
        }
        let width = self.columns.len();
        // What is replaced must lose the values that the new row lacks.
        let mut is_used = if self.way == Way::Insert { used_columns(width, &fields) } else { vec![true; width] };
        if self.is_copy() {
            is_used.iter_mut().zip(&self.was_used).for_each(|(is_used, was_used)| *is_used |= was_used);
            self.was_used.clone_from(&is_used);
            let rows = encode(&fields, &is_used);
            return Some(Piece::Copy { sql: self.sql(is_used, 0), rows });
        }
        let values = to_values(&self.nulls, &is_used, fields);
        let sql = self.sql(is_used, count);
        Some(Piece::Statement(Statement::from_sql_and_values(self.backend, sql, values)))
    }
}

/// Which columns have a value in some row.
fn used_columns(width: usize, fields: &[Field<'_>]) -> Vec<bool> {
    let mut is_used = vec![false; width];
    for row in fields.chunks(width.max(1)) {
        for (is_used, field) in is_used.iter_mut().zip(row) {
            *is_used |= *field != Field::Null;
        }
    }
    is_used
}

/// The items of the columns in use.
fn used<'a, T>(all: &'a [T], is_used: &'a [bool]) -> impl Iterator<Item = &'a T> {
    all.iter().zip(is_used).filter(|(_, is_used)| **is_used).map(|(item, _)| item)
}

/// What a statement binds: the fields of the columns in use, row by row.
fn to_values(nulls: &[Value], is_used: &[bool], fields: Vec<Field<'_>>) -> Vec<Value> {
    let rows = fields.len() / nulls.len().max(1);
    let places = repeat_n(nulls.iter().zip(is_used), rows).flatten();
    fields
        .into_iter()
        .zip(places)
        .filter(|(_, (_, is_used))| **is_used)
        .map(|(field, (null, _))| field.into_value(null))
        .collect()
}

fn values_sql(backend: DatabaseBackend, table: &str, names: &[String], rows: usize) -> String {
    let width = names.len();
    let head = format!("INSERT INTO \"{table}\" ({}) VALUES ", names.join(", "));
    let row = |row: usize| match backend {
        DatabaseBackend::Postgres => {
            let places: Vec<String> = (row * width + 1..=(row + 1) * width).map(|place| format!("${place}")).collect();
            format!("({})", places.join(", "))
        }
        _ => format!("({})", vec!["?"; width].join(", ")),
    };
    let rows = match backend {
        DatabaseBackend::Postgres => (0..rows).map(row).collect(),
        _ => vec![row(0); rows],
    };
    head + &rows.join(", ")
}

fn on_conflict<E: EntityTrait>(names: &[String]) -> String {
    let key: Vec<String> = E::PrimaryKey::iter().map(|key| format!("\"{}\"", key.into_column().as_str())).collect();
    let sets: Vec<String> =
        names.iter().filter(|name| !key.contains(name)).map(|name| format!("{name} = excluded.{name}")).collect();
    let action = if sets.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", sets.join(", ")) };
    format!(" ON CONFLICT ({}) DO {action}", key.join(", "))
}

/// The largest power of two that is at most `number`, at least 1.
fn power_of_two(number: usize) -> usize {
    1 << number.max(1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::entity::{self, event, tag};

    fn tags(count: usize) -> Vec<tag::Model> {
        (0..count).map(|n| tag::Model { workspace: "w".into(), id: format!("t{n}"), name: "T".into() }).collect()
    }

    fn sqls(pieces: impl Iterator<Item = Piece>) -> Vec<String> {
        pieces
            .map(|piece| match piece {
                Piece::Statement(statement) => statement.sql,
                Piece::Copy { sql, .. } | Piece::Bound(sql, _) => sql,
            })
            .collect()
    }

    #[test]
    fn pieces_are_of_the_database_and_of_few_sizes() {
        let copied = sqls(insert::<tag::Entity>(DatabaseBackend::Postgres, tags(3)));
        assert_eq!(copied, ["COPY \"tag\" (\"workspace\", \"id\", \"name\") FROM STDIN BINARY"]);
        let inserted = sqls(insert::<tag::Entity>(DatabaseBackend::Sqlite, tags(3)));
        let head = "INSERT INTO \"tag\" (\"workspace\", \"id\", \"name\") VALUES ";
        assert_eq!(inserted, [format!("{head}(?, ?, ?), (?, ?, ?)"), format!("{head}(?, ?, ?)")]);
        let upserted = sqls(upsert::<tag::Entity>(DatabaseBackend::Postgres, tags(1)));
        let tail = " ON CONFLICT (\"workspace\", \"id\") DO UPDATE SET \"name\" = excluded.\"name\"";
        assert_eq!(upserted, [format!("{head}($1, $2, $3){tail}")]);
    }

    #[test]
    fn columns_that_are_null_throughout_are_left_out() {
        let fields =
            vec![Field::from("a"), Field::Null, Field::Null, Field::from("b"), Field::Null, Field::from(1_i64)];
        let is_used = used_columns(3, &fields);
        assert_eq!(is_used, [true, false, true]);
        let nulls = [event::Column::CaseId, event::Column::Comment, event::Column::At].map(null_of);
        let values = to_values(&nulls, &is_used, fields);
        assert_eq!(values, [Value::from("a"), Value::BigInt(None), Value::from("b"), Value::from(1_i64)]);
    }

    #[test]
    fn a_column_that_was_copied_once_is_so_from_then_on() {
        let with = |comment: Option<&str>| {
            let mut row = event_row();
            row.comment = comment.map(Into::into);
            vec![row]
        };
        let (mut inserter, backend) = (Inserter::<event::Entity>::default(), DatabaseBackend::Postgres);
        let copies = [None, Some("good"), None].map(|comment| {
            let pieces = inserter.pieces(backend, with(comment));
            match pieces.into_iter().next() {
                Some(Piece::Copy { sql, rows }) => (sql, rows),
                _ => panic!("no copy"),
            }
        });
        let [(first, _), (second, _), (third, rows)] = copies;
        assert!(!first.contains("comment") && second.contains("comment") && second == third);
        assert!(rows.ends_with(&(-1_i32).to_be_bytes()));
        let inserted = inserter.pieces(DatabaseBackend::Sqlite, with(None));
        assert!(sqls(inserted.into_iter()).iter().all(|sql| !sql.contains("comment")));
    }

    fn event_row() -> event::Model {
        use crate::model::{Event, EventBody, Instant};
        let body = EventBody::StatusChange { status: "open".into() };
        let (id, case, at) = ("e".into(), "c".into(), Instant::from_ms(1));
        let event = Event { id, case, at, seq: None, actor: None, action: None, body };
        crate::store::testing::to_model(&crate::store::row::event::EventRow { workspace: "w", of: &event, standing: 0 })
    }

    #[test]
    fn every_kind_of_column_is_a_kind_of_field() {
        fn check<E: EntityTrait>() {
            use sea_orm::ColumnTrait;
            use sea_orm::ColumnType::{BigInteger, Boolean, Integer, String, Text};
            for column in E::Column::iter() {
                let kind = column.def().get_column_type().clone();
                assert!(matches!(kind, String(_) | Text | BigInteger | Integer | Boolean), "{kind:?}");
            }
        }
        check::<event::Entity>();
        check::<entity::support_case::Entity>();
        check::<entity::case_record::Entity>();
        check::<entity::case_tag::Entity>();
        check::<entity::case_history::Entity>();
        check::<entity::customer::Entity>();
        check::<entity::agent::Entity>();
        check::<entity::presence::Entity>();
        check::<entity::presence_record::Entity>();
        check::<entity::sla_policy::Entity>();
        check::<entity::workspace::Entity>();
    }
}
