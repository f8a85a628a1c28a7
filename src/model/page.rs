//! Pages of a list in a stable order: which stretch is asked for, where each row stands, and what comes back.
//!
//! Rows are ordered by one column and then by id, both in one direction, so a cursor (the two values of a row) marks a place that does
//! not move when rows come or go.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{FieldError, ID_CHARS, words};

/// Rows of a page when the request does not say.
pub const DEFAULT_PAGE_ROWS: usize = 50;
/// Most rows of a page.
pub const MAX_PAGE_ROWS: usize = 100;
/// Longest cursor that is looked at, in bytes.
const MAX_CURSOR_BYTES: usize = 16 * ID_CHARS;

words! {
    /// Which way a list runs.
    OrderDirection {
        /// Smallest first.
        Asc = "asc",
        /// Largest first.
        Desc = "desc",
    }
}
words! {
    /// What cases can be ordered by.
    CaseOrderField {
        /// Creation.
        CreatedAt = "created_at",
        /// Latest event.
        UpdatedAt = "updated_at",
        /// Number.
        Number = "number",
        /// Priority, by its text; none counts as the empty text.
        Priority = "priority",
    }
}
words! {
    /// What agents can be ordered by.
    AgentOrderField {
        /// Display name.
        Name = "name",
        /// Number.
        Number = "number",
    }
}

/// The order of a list: by a field, then by id, both in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order<F> {
    /// Which field.
    pub field: F,
    /// Which way.
    pub direction: OrderDirection,
}

/// Value of the column that a list is ordered by.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// A number or an instant in milliseconds.
    Number(i64),
    /// A text.
    Text(String),
}

/// Where a row stands in a list of a certain order. Its text is opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Name of the order it belongs to, such as `created_at`.
    pub order: String,
    /// Value of the order's column.
    pub key: Key,
    /// The row's id.
    pub id: String,
}

impl Cursor {
    /// Reads the text of a cursor.
    ///
    /// # Errors
    /// When it is no cursor; `field` says which argument it came in by.
    pub fn parse(text: &str, field: &str) -> Result<Cursor, FieldError> {
        let bad = || FieldError::new(field, "is no cursor of this list; pass one that an earlier page gave");
        if text.len() > MAX_CURSOR_BYTES {
            return Err(bad());
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        let (order, key, id) = serde_json::from_slice(&bytes).map_err(|_| bad())?;
        Ok(Cursor { order, key, id })
    }
}

/// The opaque text.
impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let json = serde_json::to_vec(&(&self.order, &self.key, &self.id)).map_err(|_| std::fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

/// The paging arguments of a request, as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowInput {
    /// Rows wanted from the start.
    pub first: Option<i64>,
    /// Only rows after this cursor.
    pub after: Option<String>,
    /// Rows wanted from the end.
    pub last: Option<i64>,
    /// Only rows before this cursor.
    pub before: Option<String>,
}

/// A checked stretch of a list: the first (or last) `rows` of those between two cursors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Most rows to return.
    pub rows: usize,
    /// Counts from the end of the stretch; the rows still come in the list's order.
    pub is_backward: bool,
    /// Start, exclusive.
    pub after: Option<Cursor>,
    /// End, exclusive.
    pub before: Option<Cursor>,
}

/// What stops a window from being looked through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// An argument is wrong.
    #[error(transparent)]
    Invalid(#[from] FieldError),
    /// More rows than a page holds.
    #[error("`{field}` is {rows}; a page holds at most {MAX_PAGE_ROWS} rows")]
    TooMany {
        /// The argument.
        field: &'static str,
        /// What it asks for.
        rows: i64,
    },
}

impl Default for Window {
    fn default() -> Window {
        Window { rows: DEFAULT_PAGE_ROWS, is_backward: false, after: None, before: None }
    }
}

impl WindowInput {
    /// Checks the arguments: at most one of `first` and `last`, neither negative nor over the bound; cursors readable.
    ///
    /// # Errors
    /// `TooMany` over the bound, `Invalid` for the rest.
    pub fn check(self) -> Result<Window, WindowError> {
        let (field, wanted) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(FieldError::new("last", "cannot be given together with `first`").into()),
            (None, Some(last)) => ("last", last),
            (first, None) => ("first", first.unwrap_or(DEFAULT_PAGE_ROWS as i64)),
        };
        let rows = match usize::try_from(wanted) {
            Err(_) => return Err(FieldError::new(field, "is negative; allowed are 0 to 100").into()),
            Ok(rows) if rows > MAX_PAGE_ROWS => return Err(WindowError::TooMany { field, rows: wanted }),
            Ok(rows) => rows,
        };
        let after = self.after.map(|text| Cursor::parse(&text, "after")).transpose()?;
        let before = self.before.map(|text| Cursor::parse(&text, "before")).transpose()?;
        Ok(Window { rows, is_backward: field == "last", after, before })
    }
}

/// One page of a list, in the list's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The rows and where each stands.
    pub items: Vec<(Cursor, T)>,
    /// Indicates there are rows after the last one.
    pub has_next: bool,
    /// Indicates there are rows before the first one.
    pub has_previous: bool,
}
