//! Figures over many rows, answered from the picture: what the fields of one request ask together is joined into one pass a kind of
//! rows, over one snapshot.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant as Moment;

use super::answers::Question;
use super::viewer::require;
use super::{Error, Lookups};
use crate::engine::{EngineError, Limits, Outcome, Snapshot};
use crate::metric::{Ask, Asked, BlockAnswer, Plan, Scan, fuse};
use crate::model::Permission;
use crate::record::RecordKind;

/// What an ask is answered with; its own error leaves the others' answers.
pub type Answered = Result<Arc<BlockAnswer>, Arc<Error>>;

/// What answering from the picture took.
#[derive(Debug, Default)]
pub struct ScanStats {
    scans: AtomicU64,
    rows_scanned: AtomicU64,
    engine_us: AtomicU64,
}

impl ScanStats {
    /// Passes over the rows of a kind.
    pub fn scans(&self) -> u64 {
        self.scans.load(Ordering::Relaxed)
    }
    /// Rows that they looked at.
    pub fn rows_scanned(&self) -> u64 {
        self.rows_scanned.load(Ordering::Relaxed)
    }
    /// Milliseconds that they took.
    pub fn engine_ms(&self) -> f64 {
        self.engine_us.load(Ordering::Relaxed) as f64 / 1_000.0
    }

    /// Does passes and notes what they took.
    pub(super) fn time<T>(&self, passes: usize, work: impl FnOnce() -> T, rows: impl Fn(&T) -> u64) -> T {
        let since = Moment::now();
        let done = work();
        self.scans.fetch_add(passes as u64, Ordering::Relaxed);
        self.rows_scanned.fetch_add(rows(&done), Ordering::Relaxed);
        let spent_us = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.engine_us.fetch_add(spent_us, Ordering::Relaxed);
        done
    }
}

/// Ends the work when nobody waits for it any more: when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Abandon(Arc<AtomicBool>);

impl Abandon {
    /// Set then.
    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

impl Drop for Abandon {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Lookups {
    /// Answers asks, each as if it were alone.
    ///
    /// # Errors
    /// `Forbidden` without the permission to read figures; `Unavailable` and `Internal` when there is no picture. An ask's own error is in
    /// its answer: `Forbidden` for what a viewer of some teams may not see, `Limit` for what takes too much.
    pub async fn answers(&self, asks: &[Asked]) -> Result<HashMap<Asked, Answered>, Error> {
        require(self.viewer(), Permission::ReadAnalytics)?;
        let snapshot = Arc::clone(self.snapshot().await?);
        let teams = self.viewer().teams.clone().map(Arc::new);
        let mut answers = HashMap::with_capacity(asks.len());
        let mut unknown = Vec::new();
        for ask in asks {
            if let Err(error) = self.refuse_hidden(ask.kind) {
                answers.insert(ask.clone(), Err(Arc::new(error)));
                continue;
            }
            let seen = teams.as_ref().map_or_else(|| ask.clone(), |teams| ask.seen_by(teams));
            let question = self.app.answers.question(&snapshot, &seen);
            let now = ask.block.selection.now;
            match question.as_ref().and_then(|question| self.app.answers.find(question, now)) {
                Some(known) => drop(answers.insert(ask.clone(), Ok(known))),
                None => unknown.push(Unknown { ask: ask.clone(), seen, question }),
            }
        }
        if !unknown.is_empty() {
            answers.extend(self.work_out(snapshot, unknown).await?);
        }
        Ok(answers)
    }

    /// The answers to asks in their order, all of them or the first error.
    ///
    /// # Errors
    /// As `answers`, and each ask's own.
    pub async fn answer_each(&self, asks: impl IntoIterator<Item = Ask>) -> Result<Vec<Arc<BlockAnswer>>, Error> {
        let asks: Vec<Asked> = asks.into_iter().map(Asked::from).collect();
        let found = self.answers(&asks).await?;
        let take = |ask: &Asked| {
            let answer = found.get(ask).ok_or(Error::Internal)?;
            answer.as_ref().cloned().map_err(|error| Error::clone(error))
        };
        asks.iter().map(take).collect()
    }

    /// As `answer_each`, of one.
    ///
    /// # Errors
    /// As `answer_each`.
    pub async fn answer_one(&self, ask: Ask) -> Result<Arc<BlockAnswer>, Error> {
        self.answer_each([ask]).await?.pop().ok_or(Error::Internal)
    }

    /// Answers from the picture, and keeps what it answers.
    async fn work_out(&self, snapshot: Arc<Snapshot>, asks: Vec<Unknown>) -> Result<Vec<(Asked, Answered)>, Error> {
        let abandon = Abandon::default();
        let (stats, limits) = (Arc::clone(self.scan_stats()), self.app.scan_limits(&abandon));
        let kept = self.app.answers.clone();
        let span = tracing::Span::current();
        let work = move || {
            let _within = span.entered();
            let seen: Vec<&Ask> = asks.iter().map(|ask| &*ask.seen).collect();
            let answers = run(&snapshot, &seen, &limits, &stats);
            let answered = asks.into_iter().zip(answers).map(|(Unknown { ask, question, .. }, answer)| {
                if let (Some(question), Ok(answer)) = (question, &answer) {
                    kept.keep(&snapshot, question, ask.block.selection.now, Arc::clone(answer));
                }
                (ask, answer)
            });
            answered.collect()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| {
            tracing::error!(%error, "answering from the picture ended early");
            Error::Internal
        })
    }

    /// Whether the viewer may see rows of a kind at all: one whose rows are of no case cannot be cut down to some teams' cases.
    pub fn may_see(&self, kind: RecordKind) -> bool {
        kind != RecordKind::Presence || self.viewer().teams.is_none()
    }

    /// Refuses what the viewer may not see.
    pub(super) fn refuse_hidden(&self, kind: RecordKind) -> Result<(), Error> {
        if self.may_see(kind) {
            return Ok(());
        }
        let text = "presence is of the whole workspace; a token of some teams cannot ask for it";
        Err(Error::Forbidden(text.to_owned()))
    }
}

/// An ask that is not answered yet.
struct Unknown {
    ask: Asked,
    /// The same of what the viewer sees.
    seen: Asked,
    /// Under which its answer is kept.
    question: Option<Question>,
}

fn run(snapshot: &Snapshot, asks: &[&Ask], limits: &Limits, stats: &ScanStats) -> Vec<Answered> {
    let plan = fuse(asks);
    let ran = run_scans(snapshot, &plan.scans, limits, stats);
    // Of a pass that failed there are none to take.
    let (mut answers, errors): (Vec<Vec<BlockAnswer>>, Vec<Option<Error>>) =
        ran.into_iter().map(|ran| ran.map_or_else(|error| (Vec::new(), Some(error)), |ran| (ran, None))).unzip();
    let answer = |place: usize| match &errors[plan.scan_of(place)] {
        None => Ok(Arc::new(plan.take(place, &mut answers))),
        // Whose fault it is shows when each is asked alone.
        Some(Error::Limit(_)) if asks.len() > 1 => {
            alone(snapshot, asks[place], limits, stats).map(Arc::new).map_err(Arc::new)
        }
        Some(error) => Err(Arc::new(error.clone())),
    };
    (0..asks.len()).map(answer).collect()
}

fn alone(snapshot: &Snapshot, ask: &Ask, limits: &Limits, stats: &ScanStats) -> Result<BlockAnswer, Error> {
    let plan: Plan = fuse(&[ask]);
    let answers: Result<Vec<_>, _> = run_scans(snapshot, &plan.scans, limits, stats).into_iter().collect();
    Ok(plan.take(0, &mut answers?))
}

fn run_scans(
    snapshot: &Snapshot,
    scans: &[Scan],
    limits: &Limits,
    stats: &ScanStats,
) -> Vec<Result<Vec<BlockAnswer>, Error>> {
    let span = tracing::debug_span!(
        target: "deskgraph::trace", "scan", kinds = tracing::field::Empty, rows = tracing::field::Empty
    );
    let _within = span.enter();
    let rows = |ran: &Vec<Outcome>| ran.iter().flatten().map(|ran| ran.stats.rows).sum();
    let ran = stats.time(scans.len(), || snapshot.run_all(scans, limits), rows);
    if !span.is_disabled() {
        span.record("kinds", scans.iter().map(|scan| scan.kind.word()).collect::<Vec<_>>().join(","));
        span.record("rows", rows(&ran));
    }
    ran.into_iter().map(|ran| ran.map(|ran| ran.answers).map_err(Error::from)).collect()
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Error {
        match error {
            EngineError::Limit(text) => Error::Limit(text),
            EngineError::TimedOut(_) | EngineError::Cancelled => Error::Limit(error.to_string()),
            EngineError::Column { .. } => {
                tracing::error!(%error, "the engine was asked for what it does not have");
                Error::Internal
            }
        }
    }
}
