//! Opening the database under the use cases, and whether it answers.

use std::time::Duration;

use super::{App, Clock, Error};
use crate::store::{DEFAULT_WAIT, Store};

impl App {
    /// Opens the database at `url`, brings its tables up to date, and puts the use cases on it. What an earlier run of the program
    /// left to derive again is gone on with in the background.
    ///
    /// # Errors
    /// `Invalid` for an address that is none of ours, `Unavailable` when the database cannot be reached.
    pub async fn open(url: &str, clock: Clock) -> Result<App, Error> {
        App::open_waiting(url, DEFAULT_WAIT, clock).await
    }

    /// As `open`, with a bound of its own on waiting for the database: for a connection, and again for what others hold.
    ///
    /// # Errors
    /// As `open`.
    pub async fn open_waiting(url: &str, wait: Duration, clock: Clock) -> Result<App, Error> {
        let store = Store::open_waiting(url, wait).await?;
        store.migrate().await?;
        let app = App::new(store, clock);
        app.resume_rebuilding().await?;
        Ok(app)
    }

    /// Whether every question could be answered now, at once; known within a few seconds.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer, or the pictures of workspaces that were there at the start are being drawn.
    pub async fn ready(&self) -> Result<(), Error> {
        self.store.check_readable().await?;
        match self.pictures_awaited() {
            0 => Ok(()),
            1 => Err(Error::Unavailable("the picture of a workspace is being drawn".to_owned())),
            awaited => Err(Error::Unavailable(format!("the pictures of {awaited} workspaces are being drawn"))),
        }
    }
}
