//! Pages by keyset: a list's order, and the rows of one window of it in one statement.

use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select, Value};

use super::StoreError;
use super::reader::Reader;
use crate::model::{Cursor, Key, OrderDirection, Page, Window};

/// The order of a list: columns without nulls, of which the last ones identify a row, all in one direction.
pub(super) struct Keyset<M> {
    /// Name of the order, which its cursors carry.
    pub name: &'static str,
    /// The columns.
    pub columns: Vec<SimpleExpr>,
    /// Their values in a row; of the same kinds in every row.
    pub keys: fn(&M) -> Vec<Key>,
    /// Values of the right kinds.
    pub like: Vec<Key>,
    /// Which way.
    pub direction: OrderDirection,
}

impl<M: Send> Keyset<M> {
    /// The window's page of what `select` selects.
    pub(super) async fn page<E>(
        &self,
        select: Select<E>,
        window: &Window,
        reader: &Reader,
    ) -> Result<Page<M>, StoreError>
    where
        E: EntityTrait<Model = M>,
        M: sea_orm::FromQueryResult,
    {
        window.check(self.name, &self.like)?;
        let is_ascending = (self.direction == OrderDirection::Asc) != window.is_backward;
        let mut select = select;
        for column in &self.columns {
            select = select.order_by(column.clone(), if is_ascending { Order::Asc } else { Order::Desc });
        }
        let bounds = [(&window.after, OrderDirection::Asc), (&window.before, OrderDirection::Desc)];
        for (cursor, side) in bounds {
            let Some(cursor) = cursor else { continue };
            let row = Expr::tuple(self.columns.iter().cloned());
            let place = Expr::tuple(cursor.keys.iter().map(value));
            select = select.filter(if side == self.direction { row.gt(place) } else { row.lt(place) });
        }
        let rows = select.limit(window.rows as u64 + 1).all(reader).await?;
        Ok(window.page(rows.into_iter().map(|row| (self.cursor(&row), row)).collect()))
    }

    fn cursor(&self, row: &M) -> Cursor {
        Cursor { order: self.name.to_owned(), keys: (self.keys)(row) }
    }
}

fn value(key: &Key) -> SimpleExpr {
    let value: Value = match key {
        Key::Number(number) => (*number).into(),
        Key::Text(text) => text.as_str().into(),
    };
    Expr::val(value)
}

#[cfg(test)]
mod tests;
