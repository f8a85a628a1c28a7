//! `deskgraph import`: files into the database, with a bar that shows how far it is and a summary that accounts for every row.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

use crate::app::source::{batches, read_ahead};
use crate::app::viewer::local_owner;
use crate::app::{self, App, IngestReport};
use crate::config::{DEFAULT_DATABASE, ImportConfig};
use crate::import::{Importer, Mapping, Ndjson, Opened, Source, SourceError, decompress, open};
use crate::model::{Batch, Instant, Reject, WorkspaceId};
use crate::server::Failure;

/// Rejected rows that the summary shows; `--rejects` writes them all.
const SHOWN: usize = 10;

/// How often the bar moves while a source is silent.
const TICK: Duration = Duration::from_millis(200);

/// Imports the files in the order in which they were named.
pub async fn run(config: ImportConfig) -> Result<(), Failure> {
    use_small_pages();
    let clock = config.clock.clock();
    let mapping = config.mapping.as_deref().map(read_mapping).transpose()?.map(Arc::new);
    let mut files = config.files.iter();
    let begin = |path: &PathBuf| Reading::begin(path.as_path(), mapping.clone(), clock.now());
    // Read ahead while the database is being opened.
    let mut reading = files.next().map(begin).transpose()?;
    let database = &config.database;
    let url = database.url(DEFAULT_DATABASE);
    let app = App::open_waiting(url, database.database_wait, clock).await?.with_cache(database.cache(url));
    let viewer = local_owner(WorkspaceId(config.workspace.clone()));
    let mut rejects = Rejects::new(config.rejects.as_deref())?;
    let mut total = IngestReport::default();
    while let Some(Reading { path, now, batches: lines, bar, read_bytes }) = reading {
        let mut unwritten = Ok(());
        let done = |report: IngestReport| {
            unwritten = rejects.take(&path, &report.rejected);
            total.add(report, 0);
            bar.set_message(format!("{}: {} lines", path.display(), total.accepted + total.unchanged));
            // What it was is known outside.
            if unwritten.is_err() { Err(app::Error::Internal) } else { Ok(()) }
        };
        let taken = {
            let mut taking = pin!(app.ingest_all(&viewer, batches(lines), now, done));
            loop {
                let taken = timeout(TICK, &mut taking).await;
                bar.set_position(read_bytes.load(Ordering::Relaxed));
                if let Ok(taken) = taken {
                    break taken;
                }
            }
        };
        unwritten?;
        taken?;
        bar.finish_and_clear();
        reading = files.next().map(begin).transpose()?;
    }
    finish_rebuilding(&app, &viewer.workspace).await?;
    rejects.finish()?;
    summarise(&config.workspace, &total, &rejects);
    app.close().await?;
    Ok(())
}

/// Asks the system for memory in small pages. Rows are made, written and dropped: of a huge page little is used before it is given back,
/// but all of it is cleared first, which may take a quarter of an import's time.
#[cfg(target_os = "linux")]
fn use_small_pages() {
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::debug!(%error, "huge pages could not be switched off; the import may take longer");
    }
}

/// No such switch is known elsewhere.
#[cfg(not(target_os = "linux"))]
fn use_small_pages() {}

/// A file that is being read, or standard input by the name `-`.
struct Reading {
    path: PathBuf,
    now: Instant,
    batches: Receiver<Result<Batch, SourceError>>,
    bar: ProgressBar,
    read_bytes: Arc<AtomicU64>,
}

impl Reading {
    fn begin(path: &Path, mapping: Option<Arc<Mapping>>, now: Instant) -> Result<Reading, Failure> {
        let (batches, size_bytes, read_bytes) = if path.as_os_str() == "-" {
            // Even what it is is known only when it says something, which nothing else waits for.
            let read = move || source(decompress(BufReader::new(io::stdin()))?, mapping.as_deref(), now);
            (read_ahead(read), 0, Arc::default())
        } else {
            let Opened { reader, size_bytes, read_bytes } =
                open(path).map_err(|error| Failure::Wrong(error.to_string()))?;
            (read_ahead(move || source(reader, mapping.as_deref(), now)), size_bytes, read_bytes)
        };
        Ok(Reading { path: path.to_owned(), now, batches, bar: bar(size_bytes), read_bytes })
    }
}

/// What these lines, or those of an import that was broken off, left to the background is done before the program ends.
async fn finish_rebuilding(app: &App, workspace: &WorkspaceId) -> Result<(), Failure> {
    if app.is_rebuilding(workspace).await? {
        eprintln!("deriving cases again, since what they rest on has changed");
        app.rebuild_all(workspace).await?;
    }
    Ok(())
}

fn read_mapping(path: &Path) -> Result<Mapping, Failure> {
    let text = fs::read_to_string(path).map_err(Failure::system(format!("mapping file {}", path.display())))?;
    Mapping::parse(&text).map_err(|error| Failure::Wrong(error.to_string()))
}

fn source(
    reader: Box<dyn BufRead + Send>,
    mapping: Option<&Mapping>,
    now: Instant,
) -> Result<Box<dyn Source>, SourceError> {
    match mapping {
        Some(mapping) => Ok(Box::new(Importer::new(Box::new(reader), mapping, now)?)),
        None => Ok(Box::new(Ndjson::new(reader, now))),
    }
}

/// A bar of the bytes read; hidden by itself where nobody watches.
fn bar(size_bytes: u64) -> ProgressBar {
    let bar = if size_bytes > 0 { ProgressBar::new(size_bytes) } else { ProgressBar::new_spinner() };
    let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {elapsed_precise} (eta {eta})");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}

/// Rejected rows: counted, the first ones kept to be shown, all of them written when a file was named.
struct Rejects {
    shown: Vec<String>,
    file: Option<BufWriter<File>>,
}

impl Rejects {
    fn new(path: Option<&Path>) -> Result<Rejects, Failure> {
        let make =
            |path: &Path| File::create(path).map_err(Failure::system(format!("rejects file {}", path.display())));
        Ok(Rejects { shown: Vec::new(), file: path.map(make).transpose()?.map(BufWriter::new) })
    }

    fn take(&mut self, path: &Path, rejected: &[Reject]) -> Result<(), Failure> {
        for reject in rejected {
            if self.shown.len() < SHOWN {
                let Reject { line, field, reason } = reject;
                let place = if field.is_empty() { String::new() } else { format!("`{field}` ") };
                self.shown.push(format!("{}:{line}: {place}{reason}", path.display()));
            }
            if let Some(file) = &mut self.file {
                let row = serde_json::json!({"file": path, "line": reject.line, "field": reject.field, "reason": reject.reason});
                writeln!(file, "{row}").map_err(Failure::system("rejects file"))?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Failure> {
        self.file.as_mut().map_or(Ok(()), BufWriter::flush).map_err(Failure::system("rejects file"))
    }
}

fn summarise(workspace: &str, total: &IngestReport, rejects: &Rejects) {
    println!("imported into workspace {workspace}, now at revision {}", total.revision);
    println!("  accepted   {:>10}", total.accepted);
    println!("  unchanged  {:>10}   already there, word for word", total.unchanged);
    println!("  waiting    {:>10}   events whose case has not come yet", total.waiting);
    println!("  anomalies  {:>10}   kept, but their times contradict each other", total.anomalies);
    println!("  rejected   {:>10}", total.rejected_count);
    for line in &rejects.shown {
        println!("    {line}");
    }
    let more = total.rejected_count.saturating_sub(rejects.shown.len() as u64);
    if more > 0 {
        println!(
            "    … and {more} more{}",
            if rejects.file.is_some() { ", all in the rejects file" } else { "; --rejects FILE writes all" }
        );
    }
}
