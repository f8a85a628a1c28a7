//! Opening the database under the use cases, and whether it answers.

use super::{App, Clock, Error};
use crate::store::Store;

impl App {
    /// Opens the database at `url`, brings its tables up to date, and puts the use cases on it.
    ///
    /// # Errors
    /// `Invalid` for an address that is none of ours, `Unavailable` when the database cannot be reached.
    pub async fn open(url: &str, clock: Clock) -> Result<App, Error> {
        let store = Store::open(url).await?;
        store.migrate().await?;
        let app = App::new(store, clock);
        app.resume_rebuilding().await?;
        Ok(app)
    }

    /// Whether a question could be answered now.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer.
    pub async fn ready(&self) -> Result<(), Error> {
        if self.store.is_ready().await {
            return Ok(());
        }
        Err(Error::Unavailable("the database cannot be reached".to_owned()))
    }
}
