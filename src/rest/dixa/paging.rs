//! Pages: how many rows, and the addresses of the pages before and after.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::Error;
use crate::auth::Seal;
use crate::model::{Cursor, FieldError, Page, Window};
use crate::rest::page_key::{self, List, Way};
use crate::rest::text_of;

/// Rows of a page when the request does not say.
const DEFAULT_LIMIT: usize = 50;
/// Most rows of a page.
const MAX_LIMIT: usize = 300;
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Where the page begins, as the answer of another page gave it; good for the same list only
    page_key: Option<String>,
    /// Rows wanted, 1 to 300; may change from page to page
    #[param(value_type = Option<i32>, minimum = 1, maximum = 300, default = 50)]
    page_limit: Option<String>,
}

/// Addresses of the pages before and after; each absent where there is none
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DixaMeta)]
pub struct Meta {
    /// The page before
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    previous: Option<String>,
    /// The page after
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// A list that is asked for by pages.
pub struct Paging<'a> {
    seal: &'a Seal,
    list: List,
    /// Where the list is: scheme, host and path, or the path alone.
    address: String,
    limit: usize,
    /// The stretch that is asked for.
    pub window: Window,
}

impl<'a> Paging<'a> {
    /// The page of the list at a path of a workspace that answers this question.
    pub fn new(
        seal: &'a Seal,
        (workspace, path): (&str, &str),
        question: &[u8],
        query: &PageQuery,
        headers: &HeaderMap,
    ) -> Result<Paging<'a>, Error> {
        let limit = match &query.page_limit {
            None => DEFAULT_LIMIT,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                .ok_or_else(|| Error::from(FieldError::new("pageLimit", "is no whole number from 1 to 300")))?,
        };
        let list = List::new(workspace, path, question);
        let window = match &query.page_key {
            Some(key) => page_key::read(seal, &list, key, limit)?,
            None => Window { rows: limit, ..Window::default() },
        };
        Ok(Paging { seal, list, address: format!("{}{path}", origin(headers)), limit, window })
    }

    /// The rows of a page, and the addresses of its neighbours.
    pub fn finish<T>(&self, page: Page<T>) -> Result<(Vec<T>, Meta), Error> {
        let items = page.items.into_iter().map(|(place, row)| (place, Some(row))).collect();
        self.finish_some(Page { items, has_next: page.has_next, has_previous: page.has_previous })
    }

    /// As `finish`, of rows of which some are gone since they were found; the list goes on behind them all the same.
    pub fn finish_some<T>(&self, page: Page<Option<T>>) -> Result<(Vec<T>, Meta), Error> {
        let edge = |way: Way, place: Option<&(Cursor, Option<T>)>| {
            place.map(|(place, _)| page_key::write(self.seal, &self.list, way, place.clone())).transpose()
        };
        let address = |key: String| format!("{}?pageKey={key}&pageLimit={}", self.address, self.limit);
        let previous = edge(Way::Before, page.items.first().filter(|_| page.has_previous))?;
        let next = edge(Way::After, page.items.last().filter(|_| page.has_next))?;
        let meta = Meta { previous: previous.map(address), next: next.map(address) };
        Ok((page.items.into_iter().filter_map(|(_, row)| row).collect(), meta))
    }
}

/// Scheme and host by which the client came; nothing when that is not to be known.
fn origin(headers: &HeaderMap) -> String {
    let host = text_of(headers, &header::HOST).filter(|host| host.parse::<Authority>().is_ok());
    // Of several proxies the first one is what the client came to.
    let forwarded = text_of(headers, &FORWARDED_PROTO).and_then(|all| all.split(',').next()).map(str::trim);
    let scheme = match forwarded {
        Some("https") => "https",
        _ => "http",
    };
    host.map_or_else(String::new, |host| format!("{scheme}://{host}"))
}
