//! Pages by keyset: a list's order, and the rows of one window of it in one statement.

use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement, SimpleExpr};
use sea_orm::{EntityTrait, Order, QuerySelect, Select, Value};

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
    /// A column that is null in every row of the list, and leads an index that has the rest in order. PostgreSQL does not see that such
    /// an index is in the list's order, unless it is part of the order.
    pub null_column: Option<SimpleExpr>,
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
        let rows = self.bounded(select, window).all(reader).await?;
        Ok(window.page(rows.into_iter().map(|row| (self.cursor(&row), row)).collect()))
    }

    /// The window's rows, and one beyond them, of what `select` selects.
    pub(super) fn bounded<E: EntityTrait>(&self, mut select: Select<E>, window: &Window) -> Select<E> {
        self.bound(QuerySelect::query(&mut select), window);
        select
    }

    /// Puts a query in order, and keeps only the window's rows and one beyond them.
    pub(super) fn bound(&self, query: &mut SelectStatement, window: &Window) {
        let is_ascending = (self.direction == OrderDirection::Asc) != window.is_backward;
        for column in self.null_column.iter().chain(&self.columns) {
            query.order_by_expr(column.clone(), if is_ascending { Order::Asc } else { Order::Desc });
        }
        let bounds = [(&window.after, OrderDirection::Asc), (&window.before, OrderDirection::Desc)];
        for (cursor, side) in bounds {
            let Some(cursor) = cursor else { continue };
            let row = Expr::tuple(self.columns.iter().cloned());
            let place = Expr::tuple(cursor.keys.iter().map(value));
            query.and_where(if side == self.direction { row.gt(place) } else { row.lt(place) });
        }
        query.limit(window.rows as u64 + 1);
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
