//! Taking lines in, whichever door they come through.

use std::collections::HashMap;

use futures_util::{Stream, StreamExt};

use super::viewer::require;
use super::{App, Error};
use crate::model::{Batch, Instant, Permission, Reject, Viewer};
use crate::store::{Ingested, Landing};

/// Cases that did not come are remembered up to this many, to tell whether they come later in the same source.
const CASES_AWAITED: usize = 1_000_000;

/// What became of lines; the same for one batch and for all of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngestReport {
    /// Lines that made a difference, waiting ones included.
    pub accepted: u64,
    /// Lines that made none.
    pub unchanged: u64,
    /// Events among the accepted whose case has not come; they are kept until it does.
    pub waiting: u64,
    /// Events before their case's creation and ends before their start; kept, without a duration.
    pub anomalies: u64,
    /// Lines that cannot be used, the first ones of them where there are many.
    pub rejected: Vec<Reject>,
    /// Number of lines that cannot be used.
    pub rejected_count: u64,
    /// Revision of the workspace after the lines.
    pub revision: i64,
    /// Cases that are being derived again in the background, when the lines ask for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rederiving: Option<u64>,
    #[serde(skip)]
    awaited: HashMap<String, u64>,
    #[serde(skip)]
    cases: Vec<String>,
}

impl IngestReport {
    /// Adds what became of the lines that came next; at most `limit_listed` rejects stay listed.
    pub fn add(&mut self, next: IngestReport, limit_listed: usize) {
        for case in &next.cases {
            if let Some(events) = self.awaited.remove(case) {
                self.waiting = self.waiting.saturating_sub(events);
            }
        }
        for (case, events) in next.awaited {
            if self.awaited.len() < CASES_AWAITED {
                *self.awaited.entry(case).or_default() += events;
            }
        }
        self.accepted += next.accepted;
        self.unchanged += next.unchanged;
        self.waiting += next.waiting;
        self.anomalies += next.anomalies;
        self.rejected_count += next.rejected_count;
        self.rejected.extend(next.rejected);
        self.rejected.truncate(limit_listed);
        self.revision = next.revision;
        self.rederiving = next.rederiving.or(self.rederiving);
    }

    /// Indicates there were lines that cannot be used.
    pub fn has_rejects(&self) -> bool {
        self.rejected_count > 0
    }

    fn of(ingested: Ingested, unread: Vec<Reject>) -> IngestReport {
        let mut rejected = unread;
        rejected.extend(ingested.rejects);
        rejected.sort_by_key(|reject| reject.line);
        IngestReport {
            accepted: ingested.accepted,
            unchanged: ingested.unchanged,
            waiting: ingested.waiting.values().sum(),
            anomalies: ingested.anomalies,
            rejected_count: rejected.len() as u64,
            rejected,
            revision: ingested.revision,
            rederiving: ingested.rederiving,
            awaited: ingested.waiting,
            cases: ingested.cases,
        }
    }
}

impl App {
    /// Takes a batch into the viewer's workspace, which is made when it is not there. The batch is one transaction: durable when
    /// answered, seen by every later question. When `atomic`, nothing lands unless every line is good.
    ///
    /// # Errors
    /// `Forbidden` without the permission to ingest and to a viewer who sees some teams only; `Unavailable` when the database cannot
    /// take it now. Bad lines are no error: they are among the report's rejects.
    pub async fn ingest(
        &self,
        viewer: &Viewer,
        batch: Batch,
        atomic: bool,
        now: Instant,
    ) -> Result<IngestReport, Error> {
        require_all(viewer)?;
        let landing = match atomic {
            false => Landing::EachGood,
            true if batch.rejects.is_empty() => Landing::AllOrNothing,
            true => Landing::Nothing,
        };
        let ingested = self.store.ingest(&viewer.workspace, batch.lines, landing, now).await?;
        self.follow_up(viewer, &ingested).await;
        Ok(IngestReport::of(ingested, batch.rejects))
    }
}

impl App {
    /// Takes the batches of a source into the viewer's workspace, each as [`App::ingest`] takes one that is not atomic, and looks the next
    /// one up while one is being written. `done` is told of each once it is durable. An error of the source ends it after the batches
    /// before.
    ///
    /// # Errors
    /// Those of `ingest`, of the source and of `done`.
    pub async fn ingest_all(
        &self,
        viewer: &Viewer,
        mut batches: impl Stream<Item = Result<Batch, Error>> + Send + Unpin,
        now: Instant,
        mut done: impl FnMut(IngestReport) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        require_all(viewer)?;
        let mut series = self.store.series(viewer.workspace.clone(), now);
        let mut unread = Vec::new();
        loop {
            let (mut unread_next, mut end) = (Vec::new(), None);
            let next = async {
                match batches.next().await {
                    Some(Ok(batch)) => {
                        unread_next = batch.rejects;
                        Some(batch.lines)
                    }
                    Some(Err(error)) => {
                        end = Some(Err(error));
                        None
                    }
                    None => {
                        end = Some(Ok(()));
                        None
                    }
                }
            };
            if let Some(ingested) = series.step(next).await? {
                self.follow_up(viewer, &ingested).await;
                done(IngestReport::of(ingested, std::mem::take(&mut unread)))?;
            }
            if let Some(end) = end {
                return end;
            }
            unread = unread_next;
        }
    }

    /// What is to be done once a batch has landed.
    async fn follow_up(&self, viewer: &Viewer, ingested: &Ingested) {
        // Also what an earlier batch asked for: its task may have failed, or never begun.
        if ingested.is_rederiving {
            self.rebuild(viewer.workspace.clone());
        }
        if ingested.erases {
            self.forget_picture(&viewer.workspace, ingested.revision).await;
        }
        self.nudge_picture(&viewer.workspace, ingested.revision);
    }
}

fn require_all(viewer: &Viewer) -> Result<(), Error> {
    require(viewer, Permission::Ingest)?;
    if viewer.teams.is_some() {
        return Err(Error::Forbidden("a token of some teams cannot send data; use one of the workspace".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::IngestReport;

    fn report(waiting: &[(&str, u64)], cases: &[&str]) -> IngestReport {
        IngestReport {
            waiting: waiting.iter().map(|(_, events)| events).sum(),
            awaited: waiting.iter().map(|(case, events)| ((*case).to_owned(), *events)).collect(),
            cases: cases.iter().map(|case| (*case).to_owned()).collect(),
            ..IngestReport::default()
        }
    }

    #[test]
    fn events_whose_case_comes_in_a_later_batch_no_longer_wait() {
        let mut total = IngestReport::default();
        total.add(report(&[("c1", 2), ("c2", 1)], &[]), 10);
        total.add(report(&[("c2", 3)], &["c1"]), 10);
        assert_eq!(total.waiting, 4);
        total.add(report(&[], &["c2"]), 10);
        assert_eq!(total.waiting, 0);
    }
}
