//! The database: SeaORM entities, reading and writing. Rows go in and come out as words of `model` and `record`.

mod bulk;
mod connect;
mod entity;
mod error;
mod reference;
mod row;

pub use connect::Store;
pub use error::StoreError;
