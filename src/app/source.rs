//! Reading a source on a thread of its own, one batch ahead of whoever takes them, so that parsing and writing overlap and
//! neither holds more than a few batches.

use futures_util::{Stream, TryStreamExt, stream};
use tokio::sync::mpsc;

use super::Error;
use crate::import::{Source, SourceError};
use crate::model::Batch;

/// Most lines of one batch, and so of one transaction: in larger ones fewer cases are derived twice because a batch ends among their
/// events. Others who write to the workspace wait for one at most.
pub const BATCH_LINES: usize = 16_384;
/// Lines of the first batch. Each may be twice as large as the one before, so that writing begins at once and never waits long.
const FIRST_LINES: usize = 2_048;

/// Batches as they are read; ends after the last one or the first error. Dropping the receiver ends the reading. Must be called
/// within a runtime. `open` runs on the thread too, since it may have to wait for the first bytes.
pub fn read_ahead<F>(open: F) -> mpsc::Receiver<Result<Batch, SourceError>>
where
    F: FnOnce() -> Result<Box<dyn Source>, SourceError> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        let mut source = match open() {
            Ok(source) => source,
            Err(error) => {
                let _ = sender.blocking_send(Err(error));
                return;
            }
        };
        let mut lines = FIRST_LINES;
        while let Some(item) = source.next_batch(lines).transpose() {
            lines = (lines * 2).min(BATCH_LINES);
            let failed = item.is_err();
            if sender.blocking_send(item).is_err() || failed {
                return;
            }
        }
    });
    receiver
}

/// The batches for [`App::ingest_all`](super::App::ingest_all).
pub fn batches(
    mut receiver: mpsc::Receiver<Result<Batch, SourceError>>,
) -> impl Stream<Item = Result<Batch, Error>> + Send + Unpin {
    stream::poll_fn(move |context| receiver.poll_recv(context)).map_err(Error::from)
}

impl From<SourceError> for Error {
    fn from(error: SourceError) -> Error {
        match &error {
            SourceError::Read(cause) if cause.kind() == std::io::ErrorKind::FileTooLarge => {
                Error::Limit(cause.to_string())
            }
            _ => Error::Invalid(error.to_string()),
        }
    }
}
