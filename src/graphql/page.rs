//! Pages of lists as Relay connections. The number of all rows is counted only when asked for.

use std::sync::Arc;

use std::borrow::Cow;

use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::context::ask;
use super::error::shown;
use super::scalars::Long;
use crate::app::{Error, Lookups};
use crate::model::page::{DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS};
use crate::model::{Page, Window, WindowInput};

type Count = Box<dyn Fn(Arc<Lookups>) -> BoxFuture<'static, Result<i64, Error>> + Send + Sync>;

/// A page of a list of `N`.
pub struct Connection<N> {
    edges: Vec<Edge<N>>,
    info: PageInfo,
    count: Count,
}

/// One row of a page and where it stands.
pub struct Edge<N> {
    node: N,
    cursor: String,
}

/// Where a page stands in its list
#[derive(Clone, SimpleObject)]
pub struct PageInfo {
    /// Indicates there are rows before this page
    has_previous_page: bool,
    /// Indicates there are rows after this page
    has_next_page: bool,
    /// Cursor of the first row of the page; null when the page is empty
    start_cursor: Option<String>,
    /// Cursor of the last row of the page; null when the page is empty
    end_cursor: Option<String>,
}

impl<N> Connection<N> {
    /// The page, its rows made into objects by `object`; `count` counts all rows of the list when that is asked for.
    pub fn new<T, F, R>(page: Page<T>, mut object: impl FnMut(T) -> N, count: F) -> Connection<N>
    where
        F: Fn(Arc<Lookups>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<i64, Error>> + Send + 'static,
    {
        let edges: Vec<_> = page
            .items
            .into_iter()
            .map(|(cursor, row)| Edge { node: object(row), cursor: cursor.to_string() })
            .collect();
        let info = PageInfo {
            has_previous_page: page.has_previous,
            has_next_page: page.has_next,
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Connection { edges, info, count: Box::new(move |lookups| count(lookups).boxed()) }
    }
}

impl<N: OutputType> TypeName for Connection<N> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Connection", N::type_name()))
    }
}

impl<N: OutputType> TypeName for Edge<N> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Edge", N::type_name()))
    }
}

/// A page of a list, in the list's order
#[Object(name_type)]
impl<N: OutputType> Connection<N> {
    /// Rows of the page
    async fn edges(&self) -> &[Edge<N>] {
        &self.edges
    }
    /// Where the page stands in the list
    async fn page_info(&self) -> &PageInfo {
        &self.info
    }
    /// Number of rows of the list, all pages together
    async fn total_count(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Long>> {
        let count = (self.count)(ask(ctx)?.lookups.clone()).await.map_err(|error| shown(&error))?;
        Ok(Some(Long(count)))
    }
}

/// A row of a page
#[Object(name_type)]
impl<N: OutputType> Edge<N> {
    /// The row itself
    async fn node(&self) -> &N {
        &self.node
    }
    /// Where the row stands in the list; stays true when rows come or go
    async fn cursor(&self) -> &str {
        &self.cursor
    }
}

/// A page of a list that the program knows by heart, called `order`.
///
/// # Errors
/// `Invalid` for a cursor of another list.
pub fn listed<N>(all: Vec<N>, order: &str, window: &Window) -> async_graphql::Result<Connection<N>> {
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let page = window.page_of(all, order).map_err(|error| shown(&error.into()))?;
    Ok(Connection::new(page, |row| row, move |_| async move { Ok(total) }))
}

/// Indicates that of the connection which a field gives more is selected than the number of its rows.
pub fn wants_rows(ctx: &Context<'_>) -> bool {
    ["edges", "pageInfo"].into_iter().any(|field| ctx.look_ahead().field(field).exists())
}

/// The stretch of a list that paging arguments ask for.
///
/// # Errors
/// `Invalid` and `Limit`, as the graph shows them.
pub fn window(
    first: Option<i32>,
    after: Option<String>,
    last: Option<i32>,
    before: Option<String>,
) -> async_graphql::Result<Window> {
    let input = WindowInput { first: first.map(i64::from), after, last: last.map(i64::from), before };
    input.check().map_err(|error| shown(&error.into()))
}

/// What one look-up that is not batched costs, in fields.
const LOOK_UP_COST: usize = 100;

/// What a page may cost: a look-up, and its rows times the cost of one.
pub fn cost(first: Option<i32>, last: Option<i32>, row: usize) -> usize {
    let rows = first.or(last).map_or(DEFAULT_PAGE_ROWS, |rows| usize::try_from(rows).unwrap_or(0));
    LOOK_UP_COST + rows.min(MAX_PAGE_ROWS) * row
}
