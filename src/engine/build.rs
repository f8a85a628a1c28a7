//! From derived rows to chunks: which columns each kind keeps, and rows of many cases sorted by time and laid out in columns.

use arrow::buffer::BooleanBuffer;

use super::chunk::{CHUNK_ROWS, Chunk, time_column};
use super::column::{Codes, Column, Numbers};
use super::dictionary::{Dictionaries, NONE};
use crate::metric::catalog;
use crate::model::Instant;
use crate::record::column::find;
use crate::record::{
    AssignmentRecord, CaseRecord, ClosureRecord, Columns, Derived, Domain, MessageRecord, PresenceRecord, RatingRecord,
    Read, RecordKind, ResolutionRecord, ResponseRecord, SlaClockRecord, StatusSpellRecord,
};

/// A row on its way into a chunk.
pub struct Row<'a, R> {
    /// Its time, in milliseconds.
    pub time: i64,
    /// Its case; of presence the agent's code.
    pub slot: u32,
    /// Which of its case.
    pub ordinal: u16,
    /// The row.
    pub record: &'a R,
}

/// A column as the record declares it.
type Declared<R> = &'static crate::record::Column<R>;

/// The columns that the picture keeps of a kind.
fn kept<R: Columns>() -> Vec<Declared<R>> {
    let own = catalog::columns(R::KIND).into_iter().filter(|name| *name != time_column(R::KIND)).filter_map(find::<R>);
    own.filter(|column| !matches!(column.read, Read::Text(Domain::Free, _))).collect()
}

/// Calls a function with the type of a kind's rows.
macro_rules! of_kind {
    ($kind:expr, $of:ident) => {
        match $kind {
            RecordKind::Case => $of::<CaseRecord>(),
            RecordKind::Response => $of::<ResponseRecord>(),
            RecordKind::SlaClock => $of::<SlaClockRecord>(),
            RecordKind::Closure => $of::<ClosureRecord>(),
            RecordKind::Resolution => $of::<ResolutionRecord>(),
            RecordKind::StatusSpell => $of::<StatusSpellRecord>(),
            RecordKind::Assignment => $of::<AssignmentRecord>(),
            RecordKind::Rating => $of::<RatingRecord>(),
            RecordKind::Message => $of::<MessageRecord>(),
            RecordKind::Presence => $of::<PresenceRecord>(),
        }
    };
}

/// The names of those columns, in the order in which chunks have them.
pub fn names(kind: RecordKind) -> Vec<&'static str> {
    fn of<R: Columns>() -> Vec<&'static str> {
        kept::<R>().iter().map(|column| column.name).collect()
    }
    of_kind!(kind, of)
}

/// Whose codes those columns hold; `None` where they hold none.
pub fn domains(kind: RecordKind) -> Vec<Option<Domain>> {
    fn of<R: Columns>() -> Vec<Option<Domain>> {
        let domain = |column: &Declared<R>| match column.read {
            Read::Text(domain, _) => Some(domain),
            _ => None,
        };
        kept::<R>().iter().map(domain).collect()
    }
    of_kind!(kind, of)
}

/// Rows of active cases, by kind; each kind's function says how they lie in time and in the order of the store's key.
pub struct Rows<'a> {
    /// The cases, with their slots.
    pub cases: &'a [(u32, &'a Derived)],
    /// Where codes come from.
    pub dictionaries: &'a Dictionaries,
}

impl Rows<'_> {
    /// The chunks of a kind. There are none of presence, which is of no case.
    pub fn chunks(&self, kind: RecordKind) -> Vec<Chunk> {
        match kind {
            RecordKind::Case => self.of(|of, row| row(0, Some(of.case.created_at), &of.case)),
            RecordKind::Response => self.of(|of, row| {
                each(&of.responses, |r| r.ordinal, |place, r| row(place, r.replied_at, r));
            }),
            RecordKind::SlaClock => self.of(|of, row| {
                let key = |r: &SlaClockRecord| (r.metric.word(), r.ordinal);
                each(&of.sla_clocks, key, |place, r| row(place, Some(of.case.created_at), r));
            }),
            RecordKind::Closure => self.of(|of, row| {
                each(&of.closures, |r| r.ordinal, |place, r| row(place, Some(r.closed_at), r));
            }),
            RecordKind::Resolution => self.of(|of, row| {
                each(&of.resolutions, |r| r.ordinal, |place, r| row(place, Some(r.resolved_at), r));
            }),
            RecordKind::StatusSpell => self.of(|of, row| {
                each(&of.status_spells, |r| r.ordinal, |place, r| row(place, Some(r.from_at), r));
            }),
            RecordKind::Assignment => self.of(|of, row| {
                each(&of.assignments, |r| r.ordinal, |place, r| row(place, Some(r.assigned_at), r));
            }),
            RecordKind::Rating => self.of(|of, row| {
                each(&of.ratings, |r| r.id.clone(), |place, r| row(place, Some(r.rated_at), r));
            }),
            RecordKind::Message => self.of(|of, row| {
                each(&of.messages, |r| r.id.clone(), |place, r| row(place, Some(r.at), r));
            }),
            RecordKind::Presence => Vec::new(),
        }
    }

    fn of<'a, R: Columns>(
        &'a self,
        each: impl Fn(&'a Derived, &mut dyn FnMut(usize, Option<Instant>, &'a R)),
    ) -> Vec<Chunk> {
        let mut rows = Vec::new();
        for (slot, derived) in self.cases {
            each(derived, &mut |place, time, record| {
                let Some(time) = time.map(Instant::ms) else { return };
                rows.push(Row { time, slot: *slot, ordinal: ordinal(place), record });
            });
        }
        chunks(rows, self.dictionaries)
    }
}

/// A place as an ordinal; of more rows than a case can have the last ones share it.
fn ordinal(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// Calls `row` with each row and its place in the order of `key`.
fn each<'a, R, K: Ord>(rows: &'a [R], key: impl Fn(&R) -> K, mut row: impl FnMut(usize, &'a R)) {
    if rows.is_sorted_by_key(&key) {
        rows.iter().enumerate().for_each(|(place, of)| row(place, of));
        return;
    }
    let mut sorted: Vec<&R> = rows.iter().collect();
    sorted.sort_by_key(|of| key(of));
    sorted.into_iter().enumerate().for_each(|(place, of)| row(place, of));
}

/// Spells of agents, each with the agent's code.
pub fn presence_chunks<'a>(
    spells: impl Iterator<Item = (u32, usize, &'a PresenceRecord)>,
    dictionaries: &Dictionaries,
) -> Vec<Chunk> {
    let row = |(slot, place, record): (u32, usize, &'a PresenceRecord)| Row {
        time: record.from_at.ms(),
        slot,
        ordinal: ordinal(place),
        record,
    };
    chunks(spells.map(row).collect(), dictionaries)
}

/// Rows of a chunk when so many are cut into equal ones, none of them over the bound.
pub fn cut(rows: usize) -> usize {
    rows.div_ceil(rows.div_ceil(CHUNK_ROWS).max(1)).max(1)
}

/// Rows sorted by time, in columns.
fn chunks<R: Columns>(mut rows: Vec<Row<'_, R>>, dictionaries: &Dictionaries) -> Vec<Chunk> {
    rows.sort_by_key(|row| row.time);
    let columns = kept::<R>();
    let chunk = |rows: &[Row<'_, R>]| Chunk {
        time: Numbers::of(&rows.iter().map(|row| Some(row.time)).collect::<Vec<_>>()),
        slots: rows.iter().map(|row| row.slot).collect(),
        ordinals: rows.iter().map(|row| row.ordinal).collect(),
        columns: columns.iter().map(|column| fill(column, rows, dictionaries)).collect(),
        dues: Default::default(),
    };
    rows.chunks(cut(rows.len())).map(chunk).collect()
}

fn fill<R: Columns>(column: Declared<R>, rows: &[Row<'_, R>], dictionaries: &Dictionaries) -> Column {
    let numbers = |number: &dyn Fn(&R) -> Option<i64>| {
        Column::Numbers(Numbers::of(&rows.iter().map(|row| number(row.record)).collect::<Vec<_>>()))
    };
    match column.read {
        Read::Text(domain, text) => {
            let dictionary = dictionaries.of(domain);
            // Neighbours often say the same.
            let (mut last, mut code) = (None, NONE);
            let codes = rows.iter().map(|row| {
                let text = text(row.record);
                if text != last {
                    (last, code) = (text, dictionary.code(text));
                }
                code
            });
            Column::Codes(Codes::of(&codes.collect::<Vec<_>>()))
        }
        Read::Instant(instant) => numbers(&|record| instant(record).map(Instant::ms)),
        Read::Millis(number) | Read::Number(number) => numbers(&number),
        Read::Flag(flag) => Column::Flags(rows.iter().map(|row| flag(row.record)).collect::<BooleanBuffer>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_cut_evenly() {
        assert_eq!((cut(0), cut(1), cut(CHUNK_ROWS)), (1, 1, CHUNK_ROWS));
        assert_eq!(cut(CHUNK_ROWS + 1), CHUNK_ROWS / 2 + 1);
        assert!((1..20).all(|n| cut(n * 50_000) <= CHUNK_ROWS));
    }

    #[test]
    fn every_kind_keeps_columns_of_its_own() {
        for &kind in RecordKind::ALL {
            let names = names(kind);
            assert!(!names.is_empty() && !names.contains(&time_column(kind)), "{kind}: {names:?}");
            assert!(names.is_sorted());
        }
        assert!(names(RecordKind::SlaClock).contains(&"policy"));
        assert!(!names(RecordKind::SlaClock).contains(&"created_at"));
    }
}
