//! The ordered list of schema migrations, written with the portable schema builder: the same tables on SQLite and PostgreSQL.
//!
//! Every table is led by the workspace (but an API key is found by its hash). There are no foreign keys, since what a line names may arrive after it. Instants are
//! milliseconds since 1970 in UTC, enumerations their words, lists that nothing joins on JSON text.

mod m0001_directory;
mod m0002_event;
mod m0003_record;
mod m0004_statistics;
mod m0005_change;
mod m0006_api_key;
mod m0007_case_history;
mod table;

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigrationStatus, MigratorTrait};

/// Brings a database to the newest schema.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_directory::Migration),
            Box::new(m0002_event::Migration),
            Box::new(m0003_record::Migration),
            Box::new(m0004_statistics::Migration),
            Box::new(m0005_change::Migration),
            Box::new(m0006_api_key::Migration),
            Box::new(m0007_case_history::Migration),
        ]
    }
}
