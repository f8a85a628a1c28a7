//! Pictures kept as files, so that a start need not draw them: where each lies, when it is written, and that what was erased leaves it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use super::{Drawn, Kept};
use crate::app::App;
use crate::engine::file;
use crate::engine::picture::Picture;
use crate::model::{WorkspaceId, hex};
use crate::store::Freshness;

/// What has changed is written after this long, with all that changes meanwhile.
pub const PAUSE: Duration = Duration::from_secs(60);
/// Characters of a workspace's id that the name of its file shows.
const SHOWN: usize = 40;

/// Where pictures of a database's workspaces are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    folder: PathBuf,
    /// Of the database.
    name: String,
}

impl Cache {
    /// In `folder`, when given; else beside the file of an SQLite database, and nowhere with PostgreSQL.
    pub fn of(url: &str, folder: Option<&Path>) -> Option<Cache> {
        let file = url.strip_prefix("sqlite://").and_then(|rest| rest.split('?').next()).map(Path::new);
        let name = match file {
            Some(file) => file.file_name()?.to_string_lossy().into_owned(),
            // Where the database is, not who asks.
            None => format!("postgres-{}", digest(url.rsplit_once('@').map_or(url, |(_, place)| place))),
        };
        let folder = folder.or_else(|| file.and_then(Path::parent))?;
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        Some(Cache { folder: folder.to_owned(), name })
    }

    fn path(&self, workspace: &WorkspaceId) -> PathBuf {
        let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
        let shown: String = workspace.0.chars().take(SHOWN).map(letter).collect();
        self.folder.join(format!("{}.{shown}-{}.picture", self.name, digest(&workspace.0)))
    }
}

fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())[..8])
}

impl App {
    /// Keeps pictures as files, too. Call it before anything is asked.
    #[must_use]
    pub fn with_cache(mut self, cache: Option<Cache>) -> App {
        self.pictures = super::Pictures::with_cache(cache);
        self
    }

    /// The picture that was kept, if any is of use.
    pub(super) async fn load_picture(&self, workspace: &WorkspaceId) -> Option<Drawn> {
        let path = self.pictures.cache()?.path(workspace);
        let (of, from) = (workspace.0.clone(), path.clone());
        let loading = spawn_blocking(move || {
            let (snapshot, mark) = file::read(&from, &of)?;
            let freshness = Freshness { revision: snapshot.revision, as_of: snapshot.as_of, mark };
            Ok::<_, io::Error>(Drawn { picture: Arc::new(Picture::of(snapshot)), freshness })
        });
        match loading.await.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(drawn) => {
                tracing::info!(%workspace, revision = drawn.freshness.revision, "loaded the picture from its file");
                Some(drawn)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(%workspace, %error, "the file of a picture is of no use; it is drawn anew");
                None
            }
        }
    }

    /// Writes a picture to its file once the pause is over, as it is then.
    pub(super) fn save_later(&self, workspace: &WorkspaceId, kept: &Arc<Kept>, pause: Duration) {
        if self.pictures.cache().is_none() || kept.is_saving.swap(true, Ordering::AcqRel) {
            return;
        }
        let (app, workspace, kept) = (self.clone(), workspace.clone(), Arc::clone(kept));
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            kept.is_saving.store(false, Ordering::Release);
            if let Err(error) = app.save(&workspace, &kept).await {
                tracing::warn!(%workspace, %error, "the picture could not be written to its file");
            }
        });
    }

    pub(super) async fn save(&self, workspace: &WorkspaceId, kept: &Kept) -> io::Result<()> {
        let Some(path) = self.pictures.cache().map(|cache| cache.path(workspace)) else { return Ok(()) };
        let turn = kept.turn.lock().await;
        let Some(Drawn { picture, freshness }) = kept.drawn() else { return Ok(()) };
        let snapshot = picture.snapshot();
        drop(turn);
        let erased = kept.erased.lock().await;
        if freshness.revision < *erased {
            // It still holds what was erased; whoever lays that into it has it written again.
            return Ok(());
        }
        let of = workspace.0.clone();
        let writing = spawn_blocking(move || file::write(&path, &of, freshness.mark, &snapshot));
        writing.await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }

    /// Takes the file of a picture away, which may hold what a revision has erased; one that is older is not written any more.
    pub(in crate::app) async fn forget_picture(&self, workspace: &WorkspaceId, revision: i64) {
        let Some(path) = self.pictures.cache().map(|cache| cache.path(workspace)) else { return };
        let kept = self.pictures.of(workspace);
        let mut erased = kept.erased.lock().await;
        *erased = revision.max(*erased);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::error!(%workspace, %error, "the file of a picture still holds what was erased, until it is next written");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_beside_the_database_or_where_they_are_told_to() {
        let w = WorkspaceId("acme/é".to_owned());
        let path = |url: &str, folder: Option<&str>| {
            let cache = Cache::of(url, folder.map(Path::new))?;
            Some(cache.path(&w).display().to_string().replace(&digest(&w.0), "W"))
        };
        let check = |url: &str, folder: Option<&str>, expected: Option<&str>| {
            assert_eq!(path(url, folder).as_deref(), expected, "{url} {folder:?}");
        };
        check("sqlite://data/desk.db?mode=rwc", None, Some("data/desk.db.acme__-W.picture"));
        check("sqlite://desk.db", None, Some("./desk.db.acme__-W.picture"));
        check("sqlite:///var/desk.db", Some("/tmp"), Some("/tmp/desk.db.acme__-W.picture"));
        check("postgres://desk:hush@db/desk", None, None);
        let of = |url| path(url, Some("/tmp"));
        assert_eq!(
            of("postgres://desk:hush@db/desk"),
            of("postgres://db/desk").map(|_| of("postgres://a:b@db/desk").unwrap())
        );
        assert_ne!(of("postgres://desk:hush@db/desk"), of("postgres://desk:hush@db/other"));
        assert!(!of("postgres://desk:hush@db/desk").unwrap().contains("hush"));
    }
}
