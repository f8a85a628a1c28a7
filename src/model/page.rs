//! Pages of a list in a stable order: which stretch is asked for, where each row stands, and what comes back.
//!
//! Rows are ordered by some columns of which the last ones identify the row, all in one direction, so a cursor (the values of a row)
//! marks a place that does not move when rows come or go.

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
        /// Urgency of the priority.
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

/// Value of a column that a list is ordered by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// A number or an instant in milliseconds.
    Number(i64),
    /// A text.
    Text(String),
}

impl From<i64> for Key {
    fn from(number: i64) -> Key {
        Key::Number(number)
    }
}
impl From<&str> for Key {
    fn from(text: &str) -> Key {
        Key::Text(text.to_owned())
    }
}

/// Where a row stands in a list of a certain order. Its text is opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Name of the order it belongs to, such as `created_at`.
    pub order: String,
    /// Values of the order's columns.
    pub keys: Vec<Key>,
}

impl Cursor {
    /// Reads the text of a cursor.
    ///
    /// # Errors
    /// When it is no cursor; `field` says which argument it came in by.
    pub fn parse(text: &str, field: &str) -> Result<Cursor, FieldError> {
        if text.len() > MAX_CURSOR_BYTES {
            return Err(Cursor::foreign(field));
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Cursor::foreign(field))?;
        let (order, keys) = serde_json::from_slice(&bytes).map_err(|_| Cursor::foreign(field))?;
        Ok(Cursor { order, keys })
    }

    fn foreign(field: &str) -> FieldError {
        FieldError::new(field, "is no cursor of this list in this order; pass one that an earlier page gave")
    }

    fn check(&self, field: &str, order: &str, like: &[Key]) -> Result<(), FieldError> {
        let fits = |(a, b): (&Key, &Key)| std::mem::discriminant(a) == std::mem::discriminant(b);
        let good = self.order == order && self.keys.len() == like.len() && self.keys.iter().zip(like).all(fits);
        if good { Ok(()) } else { Err(Cursor::foreign(field)) }
    }
}

/// The opaque text.
impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let json = serde_json::to_vec(&(&self.order, &self.keys)).map_err(|_| std::fmt::Error)?;
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

impl Window {
    /// Checks that the cursors are of the list called `order`, whose columns have the kinds of `like`.
    ///
    /// # Errors
    /// When one is not.
    pub fn check(&self, order: &str, like: &[Key]) -> Result<(), FieldError> {
        self.after.as_ref().map_or(Ok(()), |cursor| cursor.check("after", order, like))?;
        self.before.as_ref().map_or(Ok(()), |cursor| cursor.check("before", order, like))
    }

    /// The page of a list that is all at hand, called `order`, whose rows are told apart by their places.
    ///
    /// # Errors
    /// For a cursor of another list.
    pub fn page_of<T>(&self, all: Vec<T>, order: &str) -> Result<Page<T>, FieldError> {
        self.check(order, &[Key::Number(0)])?;
        let place = |cursor: &Cursor| match cursor.keys.first() {
            Some(Key::Number(place)) => *place,
            _ => 0,
        };
        let after = self.after.as_ref().map_or(i64::MIN, place);
        let before = self.before.as_ref().map_or(i64::MAX, place);
        let within = (0_i64..).zip(all).filter(|(place, _)| (after < *place) && (*place < before));
        let row = |(place, item)| (Cursor { order: order.to_owned(), keys: vec![Key::Number(place)] }, item);
        let mut items: Vec<(Cursor, T)> = within.map(row).collect();
        if self.is_backward {
            items.reverse();
        }
        items.truncate(self.rows + 1);
        Ok(self.page(items))
    }

    /// The page of a list that is all at hand, called `order`, whose rows are told apart by two texts, the second of which is a row's own.
    /// Lists are ordered by them, or in an order of their own that never changes.
    ///
    /// # Errors
    /// For a cursor of another list.
    pub fn page_by_text<T: Clone>(
        &self,
        all: &[T],
        order: &str,
        keys: impl Fn(&T) -> (String, String),
    ) -> Result<Page<T>, FieldError> {
        self.check(order, &[Key::Text(String::new()), Key::Text(String::new())])?;
        let wanted = |cursor: &Cursor| match cursor.keys.as_slice() {
            [Key::Text(first), Key::Text(own)] => (first.clone(), own.clone()),
            _ => Default::default(),
        };
        let place = |cursor: &Cursor| {
            let wanted = wanted(cursor);
            let found = all.iter().position(|row| keys(row).1 == wanted.1);
            found.unwrap_or_else(|| all.partition_point(|row| keys(row) < wanted))
        };
        let from = self.after.as_ref().map_or(0, |cursor| {
            let place = place(cursor);
            place + usize::from(all.get(place).is_some_and(|row| keys(row) == wanted(cursor)))
        });
        let until = self.before.as_ref().map_or(all.len(), place).max(from);
        let row = |row: &T| {
            let (first, own) = keys(row);
            (Cursor { order: order.to_owned(), keys: vec![Key::Text(first), Key::Text(own)] }, row.clone())
        };
        let mut rows: Vec<_> = all.get(from..until).unwrap_or_default().iter().map(row).collect();
        if self.is_backward {
            rows.reverse();
        }
        rows.truncate(self.rows + 1);
        Ok(self.page(rows))
    }

    /// The page of the rows read for it: in the order of reading (backwards for a backward window) and one more than asked for when
    /// there are more.
    pub fn page<T>(&self, mut items: Vec<(Cursor, T)>) -> Page<T> {
        let has_more = items.len() > self.rows;
        items.truncate(self.rows);
        if self.is_backward {
            items.reverse();
            return Page { items, has_next: self.before.is_some(), has_previous: has_more };
        }
        Page { items, has_next: has_more, has_previous: self.after.is_some() }
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

impl<T> Page<T> {
    /// A page without rows.
    pub fn empty() -> Page<T> {
        Page { items: Vec::new(), has_next: false, has_previous: false }
    }

    /// The same page of other things.
    ///
    /// # Errors
    /// The first that `turn` gives.
    pub fn try_map<U, E>(self, mut turn: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        let items = self.items.into_iter().map(|(cursor, item)| Ok((cursor, turn(item)?))).collect::<Result<_, E>>()?;
        Ok(Page { items, has_next: self.has_next, has_previous: self.has_previous })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_as_they_were() {
        for keys in [vec![Key::from(-5), "c1".into()], vec!["Ærø \"x\"".into(), "".into()], vec![]] {
            let cursor = Cursor { order: "created_at".to_owned(), keys };
            assert_eq!(Cursor::parse(&cursor.to_string(), "after"), Ok(cursor));
        }
    }

    #[test]
    fn lists_at_hand_are_paged_too() {
        let page = |input: WindowInput| input.check().unwrap().page_of(vec!["a", "b", "c"], "letters").unwrap();
        let letters = |page: &Page<&str>| page.items.iter().map(|(_, letter)| *letter).collect::<String>();
        let first = page(WindowInput { first: Some(2), ..WindowInput::default() });
        assert_eq!((letters(&first).as_str(), first.has_next, first.has_previous), ("ab", true, false));
        let after = Some(first.items[1].0.to_string());
        let next = page(WindowInput { after: after.clone(), ..WindowInput::default() });
        assert_eq!((letters(&next).as_str(), next.has_next, next.has_previous), ("c", false, true));
        let last = page(WindowInput { last: Some(1), before: after, ..WindowInput::default() });
        assert_eq!((letters(&last).as_str(), last.has_next, last.has_previous), ("a", true, false));
        let foreign = WindowInput { after: Some(first.items[0].0.to_string()), ..WindowInput::default() };
        assert!(foreign.check().unwrap().page_of(vec![1], "numbers").is_err());
    }

    #[test]
    fn cursors_that_were_tampered_with_are_refused() {
        let good = Cursor { order: "number".to_owned(), keys: vec![1.into(), "c1".into()] };
        let like = [Key::from(0), "".into()];
        let check = |text: &str, order: &str| {
            let input = WindowInput { after: Some(text.to_owned()), ..WindowInput::default() };
            input.check().is_ok_and(|window| window.check(order, &like).is_ok())
        };
        assert!(check(&good.to_string(), "number"));
        assert!(!check(&good.to_string(), "created_at"), "of another order");
        let swapped = Cursor { keys: vec!["c1".into(), 1.into()], ..good.clone() };
        assert!(!check(&swapped.to_string(), "number"), "of other kinds");
        let short = Cursor { keys: vec![1.into()], ..good.clone() };
        assert!(!check(&short.to_string(), "number"), "too short");
        for text in ["", "!!", "AAAA", &good.to_string()[1..], &"A".repeat(100_000)] {
            assert!(!check(text, "number"), "{text:.20}");
        }
    }

    #[test]
    fn windows_are_bounded() {
        let check = |first: Option<i64>, last: Option<i64>| {
            let input = WindowInput { first, last, ..WindowInput::default() };
            input.check().map(|window| (window.rows, window.is_backward)).map_err(|error| error.to_string())
        };
        assert_eq!(check(None, None), Ok((50, false)));
        assert_eq!(check(Some(0), None), Ok((0, false)));
        assert_eq!(check(None, Some(100)), Ok((100, true)));
        assert_eq!(check(Some(101), None), Err("`first` is 101; a page holds at most 100 rows".to_owned()));
        assert_eq!(check(None, Some(-1)), Err("last: is negative; allowed are 0 to 100".to_owned()));
        assert!(check(Some(1), Some(1)).is_err());
    }
}
