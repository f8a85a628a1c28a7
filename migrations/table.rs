//! How tables are made, alike on SQLite and PostgreSQL.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

/// Creates a table of `columns` with the primary key `key`. SQLite keeps the rows in the order of that key, so that rows of one
/// case lie together; PostgreSQL has an index of its own for it.
pub(crate) async fn create<const N: usize>(
    manager: &SchemaManager<'_>,
    name: &'static str,
    key: &[&'static str],
    columns: [ColumnDef; N],
) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table(name).if_not_exists();
    for column in columns {
        table.col(column);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    table.primary_key(&mut primary);
    if manager.get_database_backend() == DatabaseBackend::Sqlite {
        table.extra("WITHOUT ROWID");
    }
    manager.create_table(table.to_owned()).await
}

/// Creates the index `name_column_column` on a table.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    let name = format!("{table}_{}", columns.get(1..).unwrap_or_default().join("_"));
    index.name(name).table(table).if_not_exists();
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    manager.create_index(index.to_owned()).await
}

/// Creates the index `name_column_column` of those rows of a table that meet a condition. Whoever asks must write the condition out, in
/// the same words: a planner does not look into what is bound.
pub(crate) async fn index_where(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    condition: Expr,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    let name = format!("{table}_{}", columns.get(1..).unwrap_or_default().join("_"));
    index.name(name).table(table).if_not_exists().and_where(condition);
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index.to_owned()).await
}

/// Drops tables with their indexes.
pub(crate) async fn drop(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).if_exists().to_owned()).await?;
    }
    Ok(())
}
