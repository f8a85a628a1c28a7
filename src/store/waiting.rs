//! Whether somebody still waits for a statement. SQLite cannot see that by itself, as PostgreSQL's server can: who asks leaves word with the
//! connection that is taken for it, and dropping the question makes SQLite end the statement within about a millisecond of its work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

tokio::task_local! {
    static QUESTION: Question;
}

/// Something that is asked of the database.
#[derive(Clone, Debug, Default)]
pub struct Question(Arc<AtomicBool>);

impl Question {
    /// The one that the current task asks, where it said so.
    pub fn current() -> Option<Question> {
        QUESTION.try_with(Question::clone).ok()
    }

    /// Indicates that nobody waits for the answer: it is there, or it was given up.
    pub fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

struct Asking(Question);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Asks something, which is over when this is dropped.
pub async fn asking<T>(work: impl Future<Output = T>) -> T {
    let asking = Asking(Question::default());
    QUESTION.scope(asking.0.clone(), work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_question_is_over_when_it_is_answered_or_given_up() {
        assert!(Question::current().is_none());
        let question = asking(async { Question::current() }).await;
        assert!(question.is_some_and(|question| question.is_over()));
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        let endless = tokio::spawn(asking(async move {
            sender.send(Question::current()).unwrap();
            std::future::pending::<()>().await;
        }));
        let question = receiver.recv().await.flatten().unwrap();
        assert!(!question.is_over());
        endless.abort();
        assert!(endless.await.unwrap_err().is_cancelled());
        assert!(question.is_over());
    }
}
