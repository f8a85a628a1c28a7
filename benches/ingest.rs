//! How fast lines go in, derivation included, against the fastest way in which the database takes the event rows alone: COPY on
//! PostgreSQL, prepared multi-row INSERT on SQLite, into the same table with the same indexes, in one transaction.
//!
//! Both are measured in turns in one run, so that what else the machine does falls on both. What counts is the ratio. Run it by
//! `scripts/bench ingest`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs};

use deskgraph::app::demo::{CASES, Plan, SEED};
use sea_orm::sqlx::postgres::PgPoolCopyExt;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, AssertSqlSafe, Connection, PgPool, Row, SqliteConnection};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Times each way is run; the median counts.
const ROUNDS: usize = 3;
/// The least ratio that the project holds itself to.
const LEAST: f64 = 1.0 / 3.0;
/// Rows of the baseline's INSERT: of 16 to 1,024, the fastest.
const ROWS: usize = 128;
const PROGRAM: &str = env!("CARGO_BIN_EXE_deskgraph");

/// A file to import, and how.
struct Data {
    name: &'static str,
    arguments: Vec<PathBuf>,
}

/// A database that is made anew for every run.
enum Target {
    Sqlite(PathBuf),
    /// The server, and the name of the database on it.
    Postgres(String, &'static str),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut targets = vec![Target::Sqlite(folder.path().join("bench.db"))];
    match env::var("DESKGRAPH_BENCH_DATABASE_URL") {
        Ok(server) => targets.push(Target::Postgres(server, "deskgraph_bench")),
        Err(_) => println!("PostgreSQL is not measured: DESKGRAPH_BENCH_DATABASE_URL names no server"),
    }
    let data = data(folder.path())?;
    println!("| database | data | event rows | baseline rows/s | import rows/s | ratio | least and most |");
    println!("|---|---|---|---|---|---|---|");
    let mut is_met = true;
    for target in &targets {
        for data in &data {
            is_met &= measure(target, data).await? >= LEAST;
        }
    }
    println!("every ratio is to be {LEAST:.3} or more: {}", if is_met { "met" } else { "NOT MET" });
    Ok(())
}

fn data(folder: &Path) -> Result<Vec<Data>> {
    let demo = folder.join("demo.ndjson");
    let now = deskgraph::model::Instant::parse("2026-11-20T15:00:00Z").ok_or("no instant")?;
    let lines: Vec<String> = Plan { seed: SEED, cases: CASES, now }.lines().collect();
    fs::write(&demo, lines.join("\n"))?;
    let mut data = vec![Data { name: "demo", arguments: vec![demo] }];
    match env::var_os("DESKGRAPH_SHARED") {
        Some(shared) => {
            let mapping = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mappings/uci_incident_event_log.toml");
            let file = PathBuf::from(shared).join("data/uci_incident_event_log.csv.zst");
            data.push(Data { name: "incident log", arguments: vec!["--mapping".into(), mapping, file] });
        }
        None => println!("the incident log is not measured: DESKGRAPH_SHARED names no folder that has it"),
    }
    Ok(data)
}

/// Prints a row of the table; gives the ratio.
async fn measure(target: &Target, data: &Data) -> Result<f64> {
    let (mut imports, mut baselines, mut ratios, mut rows) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        target.make_anew().await?;
        let started = Instant::now();
        run(target, "import", &data.arguments)?;
        let import = started.elapsed().as_secs_f64();
        let baseline = target.baseline(&mut rows).await?;
        imports.push(import);
        baselines.push(baseline);
        ratios.push(baseline / import);
    }
    let count = rows as f64;
    let (import, baseline, ratio) = (median(&mut imports), median(&mut baselines), median(&mut ratios));
    let (least, most) = (ratios[0], ratios[ratios.len() - 1]);
    let (fast, ours) = (count / baseline, count / import);
    let (database, data) = (target.name(), data.name);
    println!("| {database} | {data} | {rows} | {fast:.0} | {ours:.0} | {ratio:.3} | {least:.3}, {most:.3} |");
    Ok(ratio)
}

/// Sorts the figures and gives the middle one.
fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Runs a command of the program on a database, to its end.
fn run(target: &Target, command: &str, arguments: &[PathBuf]) -> Result<()> {
    let mut program = Command::new(PROGRAM);
    program.args([command, "--log-level", "warn", "--database-url", &target.url()]).args(arguments);
    let output = program.stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
    }
}

impl Target {
    fn name(&self) -> &'static str {
        match self {
            Target::Sqlite(_) => "SQLite",
            Target::Postgres(..) => "PostgreSQL",
        }
    }

    fn url(&self) -> String {
        match self {
            Target::Sqlite(path) => format!("sqlite://{}", path.display()),
            Target::Postgres(server, name) => {
                let (head, query) = server.split_once('?').map_or((server.as_str(), ""), |(head, query)| (head, query));
                let (head, _) = head.rsplit_once('/').unwrap_or((head, ""));
                format!("{head}/{name}?{query}")
            }
        }
    }

    /// An empty database with the tables.
    async fn make_anew(&self) -> Result<()> {
        match self {
            Target::Sqlite(path) => {
                for end in ["", "-wal", "-shm"] {
                    let _ = fs::remove_file(format!("{}{end}", path.display()));
                }
            }
            Target::Postgres(server, name) => {
                let pool = PgPool::connect(server).await?;
                for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
                    sqlx::query(AssertSqlSafe(sql)).execute(&pool).await?;
                }
                pool.close().await;
            }
        }
        run(self, "migrate", &[])
    }

    /// Seconds that the event rows of the database take alone, in an empty one; counts them.
    async fn baseline(&self, count: &mut usize) -> Result<f64> {
        match self {
            Target::Sqlite(path) => {
                let rows = read_rows(path).await?;
                *count = rows.len();
                self.make_anew().await?;
                insert_rows(path, rows).await
            }
            Target::Postgres(..) => {
                let pool = PgPool::connect(&self.url()).await?;
                *count = sqlx::query("SELECT count(*) FROM event").fetch_one(&pool).await?.get::<i64, _>(0) as usize;
                let mut bytes = Vec::new();
                let mut copied = pool.copy_out_raw("COPY event TO STDOUT").await?;
                while let Some(piece) = futures_util::TryStreamExt::try_next(&mut copied).await? {
                    bytes.extend_from_slice(&piece);
                }
                drop(copied);
                pool.close().await;
                self.make_anew().await?;
                let pool = PgPool::connect(&self.url()).await?;
                let started = Instant::now();
                let mut copy = pool.copy_in_raw("COPY event FROM STDIN").await?;
                copy.send(bytes).await?;
                copy.finish().await?;
                let seconds = started.elapsed().as_secs_f64();
                pool.close().await;
                Ok(seconds)
            }
        }
    }
}

/// A value of a row.
#[derive(Clone)]
enum Cell {
    Text(Option<String>),
    Number(Option<i64>),
}

async fn open(path: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-65536");
    Ok(SqliteConnection::connect_with(&options).await?)
}

async fn read_rows(path: &Path) -> Result<Vec<Vec<Cell>>> {
    let mut connection = open(path).await?;
    let columns = sqlx::query("SELECT type FROM pragma_table_info('event')").fetch_all(&mut connection).await?;
    let are_texts: Vec<bool> =
        columns.iter().map(|column| column.get::<String, _>(0).eq_ignore_ascii_case("text")).collect();
    let rows = sqlx::query("SELECT * FROM event").fetch_all(&mut connection).await?;
    connection.close().await?;
    let cells = |row: &sqlx::sqlite::SqliteRow| {
        let cell = |(place, is_text): (usize, &bool)| match is_text {
            true => Cell::Text(row.get(place)),
            false => Cell::Number(row.get_unchecked(place)),
        };
        are_texts.iter().enumerate().map(cell).collect()
    };
    Ok(rows.iter().map(cells).collect())
}

async fn insert_rows(path: &Path, rows: Vec<Vec<Cell>>) -> Result<f64> {
    let width = rows.first().map_or(0, Vec::len);
    let mut connection = open(path).await?;
    let row = format!("({})", vec!["?"; width].join(", "));
    let started = Instant::now();
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for piece in rows.chunks(ROWS) {
        let sql = format!("INSERT INTO event VALUES {}", vec![row.as_str(); piece.len()].join(", "));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for cell in piece.iter().flatten() {
            query = match cell {
                Cell::Text(text) => query.bind(text.as_deref()),
                Cell::Number(number) => query.bind(number),
            };
        }
        query.execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    let seconds = started.elapsed().as_secs_f64();
    connection.close().await?;
    Ok(seconds)
}
