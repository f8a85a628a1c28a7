//! Answers kept for whoever asks the same again. An answer is of one snapshot and holds as long as that is the newest; one that depends on
//! now also says until when it holds. What a viewer may see is part of the question, so nobody gets what was worked out for others.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::engine::Snapshot;
use crate::metric::{Ask, Asked, BlockAnswer, Condition, Figures, GroupAnswer, Placed, Value, Window};
use crate::model::{Instant, Span, Test};
use crate::record::RecordKind;

/// Memory that answers take when nothing is configured, in bytes.
pub const ANSWER_BYTES: u64 = 64 * 1024 * 1024;
/// What an entry takes besides its answer and what the question lists, about, in bytes.
const ENTRY_BYTES: usize = 512;

/// See the module. Cheap to clone; clones share what is kept.
#[derive(Clone)]
pub struct Answers(Option<Arc<Cache<Question, Kept, Bytes>>>);

/// What is asked of which snapshot, without what makes no difference, such as when.
#[derive(Clone, Debug)]
pub struct Question {
    serial: u64,
    ask: Asked,
    depends: Depends,
}

impl PartialEq for Question {
    fn eq(&self, other: &Question) -> bool {
        self.serial == other.serial && self.depends == other.depends && self.ask.is_same_but_now(&other.ask)
    }
}

impl Eq for Question {}

impl Hash for Question {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.serial, &self.ask).hash(state);
    }
}

#[derive(Clone, Debug)]
struct Kept {
    answer: Arc<BlockAnswer>,
    holds: Option<Span>,
}

#[derive(Clone, Debug)]
struct Bytes;

impl Weighter<Question, Kept> for Bytes {
    fn weight(&self, question: &Question, kept: &Kept) -> u64 {
        let of_group = |group: &GroupAnswer| {
            let texts: usize = group.key.iter().flatten().map(|text| text.len() + 2 * size_of::<usize>()).sum();
            let percentiles: usize = group.cells.iter().map(|cell| cell.percentiles.len() * size_of::<f64>()).sum();
            // One cell is a part of its group.
            let cells = if group.cells.spilled() { group.cells.len() * size_of::<Figures>() } else { 0 };
            texts + size_of::<GroupAnswer>() + cells + percentiles
        };
        (ENTRY_BYTES + question.bytes() + kept.answer.groups.iter().map(of_group).sum::<usize>()) as u64
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Answers").field(&self.0.as_ref().map(|kept| kept.len())).finish()
    }
}

impl Default for Answers {
    fn default() -> Answers {
        Answers::within(ANSWER_BYTES)
    }
}

impl Answers {
    /// As many answers as fit into so many bytes, those that are asked for again before others; none for 0.
    pub fn within(bytes: u64) -> Answers {
        let expected = usize::try_from(bytes).unwrap_or(usize::MAX) / (4 * ENTRY_BYTES);
        Answers((bytes > 0).then(|| Arc::new(Cache::with_weighter(expected, bytes, Bytes))))
    }

    /// The question behind an ask; `None` when its answer is not kept.
    pub fn question(&self, snapshot: &Snapshot, ask: &Asked) -> Option<Question> {
        self.0.as_ref().and_then(|_| Question::of(snapshot, ask))
    }

    /// The answer that a question had before, if it still holds.
    pub fn find(&self, question: &Question, now: Instant) -> Option<Arc<BlockAnswer>> {
        let kept = self.0.as_ref()?.get(question)?;
        let holds = kept.holds.is_none_or(|holds| holds.from <= now && now <= holds.until);
        holds.then_some(kept.answer)
    }

    /// Keeps an answer that was found now.
    pub fn keep(&self, snapshot: &Snapshot, question: Question, now: Instant, answer: Arc<BlockAnswer>) {
        let Some(all) = &self.0 else { return };
        // Past due is what was due before now.
        let until = || snapshot.next_due(now).unwrap_or(Instant::from_ms(i64::MAX));
        let holds = (question.depends == Depends::OnDue).then(|| Span { from: now, until: until() });
        all.insert(question, Kept { answer, holds });
    }

    /// Drops everything, as when somebody was erased.
    pub fn forget(&self) {
        if let Some(all) = &self.0 {
            all.clear();
        }
    }
}

impl Question {
    fn of(snapshot: &Snapshot, ask: &Asked) -> Option<Question> {
        let selection = &ask.block.selection;
        let depends = depends(ask);
        // Nothing is kept of workspaces without data.
        if snapshot.revision == 0 || depends == Depends::Otherwise {
            return None;
        }
        let question = |ask: Asked| Some(Question { serial: snapshot.serial, ask, depends });
        if let (Placed::At(column), Window::Spans(spans)) = (selection.placed, &selection.window)
            && column == ask.kind.instant()
            && let (Some(newest), Some(last)) = (snapshot.newest(ask.kind), spans.last())
        {
            // Beyond the newest row no end makes a difference.
            let until = last.until.min(newest.plus_ms(1)).max(last.from);
            if until < last.until {
                let mut spans = spans.to_vec();
                spans.pop();
                spans.push(Span { from: last.from, until });
                let mut ask = Ask::clone(ask);
                ask.block.selection.window = Window::Spans(spans.into());
                return question(ask.into());
            }
        }
        question(ask.clone())
    }

    /// Memory that its lists take, about.
    fn bytes(&self) -> usize {
        let selection = &self.ask.block.selection;
        let of_text = |text: &String| size_of::<String>() + text.len();
        let of_test = |test: &Test| match test {
            Test::In(values) | Test::NotIn(values) => values.iter().map(of_text).sum(),
            Test::Unset | Test::Set => 0,
        };
        let filters: usize =
            selection.filters.iter().flat_map(|filter| filter.terms()).map(|term| of_test(&term.test)).sum();
        let teams: usize = selection.visible_teams.iter().flat_map(|teams| teams.iter()).map(of_text).sum();
        filters + teams + selection.window.buckets() * size_of::<Span>()
    }
}

/// How an answer depends on now, apart from the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Depends {
    Never,
    /// By which open SLA clocks are past due.
    OnDue,
    Otherwise,
}

fn depends(ask: &Ask) -> Depends {
    let selection = &ask.block.selection;
    let placed = match (selection.placed, &selection.window) {
        (Placed::Overlap, _) => Depends::Otherwise,
        // What stood at an instant that is over stays so.
        (Placed::Standing, Window::Spans(spans)) if spans.iter().all(|span| span.until < selection.now) => {
            Depends::Never
        }
        (Placed::Standing, _) => Depends::Otherwise,
        (Placed::At(_) | Placed::Now, _) => Depends::Never,
    };
    let measured = ask.block.measures.iter().flat_map(|measured| {
        let of_value: &[Condition] = match &measured.value {
            Value::Share(conditions) => conditions,
            _ => &[],
        };
        let overlaps = if measured.value == Value::Overlap { Depends::Otherwise } else { Depends::Never };
        measured.rows.iter().chain(of_value).map(|condition| of_condition(ask.kind, condition)).chain([overlaps])
    });
    measured.fold(placed, Depends::max)
}

fn of_condition(kind: RecordKind, condition: &Condition) -> Depends {
    let most = |conditions: &mut dyn Iterator<Item = &Condition>| {
        conditions.map(|condition| of_condition(kind, condition)).fold(Depends::Never, Depends::max)
    };
    match condition {
        Condition::Past("due_at") | Condition::NotPast("due_at") if kind == RecordKind::SlaClock => Depends::OnDue,
        Condition::Past(_) | Condition::NotPast(_) | Condition::Open(..) => Depends::Otherwise,
        Condition::Not(condition) => of_condition(kind, condition),
        Condition::Any(conditions) => most(&mut conditions.iter()),
        Condition::Either(lists) => most(&mut lists.iter().flatten()),
        Condition::Is(_)
        | Condition::IsNot(_)
        | Condition::Has(_)
        | Condition::Lacks(_)
        | Condition::OneOf(..)
        | Condition::AtLeast(..)
        | Condition::AtMost(..)
        | Condition::AtMostOf(..)
        | Condition::Under(_)
        | Condition::OfCases(_) => Depends::Never,
    }
}

#[cfg(test)]
mod tests;
