//! Opening the database under the use cases, and whether it answers.

use std::time::Duration;

use super::{App, Clock, Error};
use crate::store::{DEFAULT_STATEMENT, DEFAULT_WAIT, Found, Store};

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
        App::open_serving(url, wait, DEFAULT_STATEMENT, clock).await
    }

    /// As `open_waiting`, with a bound of its own on each statement for a request.
    ///
    /// # Errors
    /// As `open`.
    pub async fn open_serving(url: &str, wait: Duration, statement: Duration, clock: Clock) -> Result<App, Error> {
        let store = Store::open_waiting(url, wait, statement).await?;
        store.migrate().await?;
        let app = App::new(store, clock);
        app.resume_rebuilding().await?;
        Ok(app)
    }

    /// Closes the database once what is asked of it is done; a database of one file is then that file alone. Nothing can be asked afterwards.
    ///
    /// # Errors
    /// As `open`.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.store.close().await?)
    }

    /// What `open` would find at `url`, in words; changes nothing there.
    ///
    /// # Errors
    /// As `open`.
    pub async fn check_database(url: &str, wait: Duration) -> Result<String, Error> {
        Ok(match Store::look(url, wait).await? {
            Found::Nothing => "there is none yet; it will be made",
            Found::Older => "reachable; its tables will be brought up to date",
            Found::Current => "reachable, its tables are up to date",
        }
        .to_owned())
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
