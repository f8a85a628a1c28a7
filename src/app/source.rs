//! Reading a source on a thread of its own, one batch ahead of whoever takes them, so that parsing and writing overlap and
//! neither holds more than two batches.

use tokio::sync::mpsc;

use super::Error;
use crate::import::{Source, SourceError};
use crate::model::Batch;

/// Lines of one batch, and so of one transaction.
pub const BATCH_LINES: usize = 5_000;

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
        while let Some(item) = source.next_batch(BATCH_LINES).transpose() {
            let failed = item.is_err();
            if sender.blocking_send(item).is_err() || failed {
                return;
            }
        }
    });
    receiver
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
