//! A snapshot as a file, so that a start need not read the database: a head that says what it is of, and sections that are Arrow IPC
//! streams, one a dictionary, page of cases and chunk. Every section has its length and a checksum in front.
//!
//! Only what counts is written: rows of changed or erased cases are left out, and so are texts that nothing says any more. A file of
//! another layout, workspace or catalogue, and one that is torn, is refused; it can be drawn again.

mod batches;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::buffer::{Buffer, MutableBuffer};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::writer::StreamWriter;
use flate2::Crc;
use serde::{Deserialize, Serialize};

use self::batches::Used;
use super::build::names;
use super::cases::{ATTRIBUTES, Cases};
use super::chunk::{Live, Table};
use super::dictionary::Dictionaries;
use super::ids::CaseIds;
use super::merge::merged;
use super::snapshot::{Snapshot, serial};
use crate::model::Instant;
use crate::record::RecordKind;

const MAGIC: &[u8; 8] = b"DESKPIC\n";
/// Changes with anything that is written otherwise than before.
const LAYOUT: u32 = 1;

/// What a file is of, and what else than columns a snapshot holds.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    kind: Kind,
    revision: i64,
    as_of: i64,
    /// Tells the revision from another of the same number; the store's.
    mark: Option<i64>,
    dictionaries: usize,
    pages: usize,
    /// By kind of rows.
    chunks: Vec<usize>,
    tag_sets: Vec<Vec<u32>>,
    agent_teams: Vec<(u32, Vec<u32>)>,
}

/// What must be the same for a file to be of use.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Kind {
    layout: u32,
    workspace: String,
    /// Names of the columns of each kind of rows.
    columns: Vec<Vec<String>>,
    attributes: Vec<String>,
}

impl Kind {
    fn of(workspace: &str) -> Kind {
        let columns = |kind: &RecordKind| names(*kind).into_iter().map(str::to_owned).collect();
        Kind {
            layout: LAYOUT,
            workspace: workspace.to_owned(),
            columns: RecordKind::ALL.iter().map(columns).collect(),
            attributes: ATTRIBUTES.iter().map(|attribute| attribute.word().to_owned()).collect(),
        }
    }
}

/// Writes a snapshot of a workspace to `path`, which is whole at any time: it is written beside it and put in its place.
///
/// # Errors
/// What the system says.
pub fn write(path: &Path, workspace: &str, mark: Option<i64>, snapshot: &Snapshot) -> io::Result<()> {
    let beside = path.with_extension("part");
    let written = write_beside(&beside, workspace, mark, snapshot);
    if written.is_err() {
        drop(fs::remove_file(&beside));
        return written;
    }
    fs::rename(&beside, path)?;
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn write_beside(path: &Path, workspace: &str, mark: Option<i64>, snapshot: &Snapshot) -> io::Result<()> {
    let file = File::create(path)?;
    let mut out = BufWriter::with_capacity(1 << 20, &file);
    let tables: Vec<Vec<Live>> = snapshot.tables.iter().map(alive).collect();
    let used = Used::of(snapshot, &tables);
    let texts = snapshot.dictionaries.all().zip(&used.codes).map(|(of, used)| batches::of_texts(of, used));
    let texts: Vec<RecordBatch> = texts.collect::<Result<_, _>>().map_err(wrong)?;
    let head = Head {
        kind: Kind::of(workspace),
        revision: snapshot.revision,
        as_of: snapshot.as_of.ms(),
        mark,
        dictionaries: texts.len(),
        pages: snapshot.cases.pages.len(),
        chunks: tables.iter().map(Vec::len).collect(),
        tag_sets: used.tag_sets(&snapshot.cases),
        agent_teams: snapshot.agent_teams.iter().map(|(agent, teams)| (*agent, teams.to_vec())).collect(),
    };
    out.write_all(MAGIC)?;
    section(&mut out, &serde_json::to_vec(&head)?)?;
    for batch in &texts {
        stream(&mut out, batch)?;
    }
    for (number, page) in snapshot.cases.pages.iter().enumerate() {
        stream(&mut out, &batches::of_page(number, page, &snapshot.cases.ids).map_err(wrong)?)?;
    }
    for live in tables.iter().flatten() {
        stream(&mut out, &batches::of_chunk(&live.chunk).map_err(wrong)?)?;
    }
    out.flush()?;
    drop(out);
    file.sync_all()
}

/// The chunks of a table with nothing but rows that count.
fn alive(table: &Table) -> Vec<Live> {
    let whole = |live: &Live| match live.dead {
        None => vec![live.clone()],
        Some(_) => merged(std::slice::from_ref(live)),
    };
    table.chunks.iter().flat_map(whole).collect()
}

fn section(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let mut crc = Crc::new();
    crc.update(bytes);
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(&crc.sum().to_le_bytes())?;
    out.write_all(bytes)
}

fn stream(out: &mut impl Write, batch: &RecordBatch) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(batch.get_array_memory_size() + 4_096);
    let mut writer = StreamWriter::try_new(&mut bytes, &batch.schema()).map_err(wrong)?;
    writer.write(batch).map_err(wrong)?;
    writer.finish().map_err(wrong)?;
    drop(writer);
    section(out, &bytes)
}

/// Reads the snapshot of a workspace, and the mark of its revision.
///
/// # Errors
/// What the system says; `InvalidData` of a file that is of no use.
pub fn read(path: &Path, workspace: &str) -> io::Result<(Snapshot, Option<i64>)> {
    let file = File::open(path)?;
    let mut sections = Sections { left: file.metadata()?.len(), file };
    let mut magic = [0; MAGIC.len()];
    sections.fill(&mut magic)?;
    if magic != *MAGIC {
        return Err(refused("is no picture"));
    }
    let head: Head = serde_json::from_slice(&sections.next()?).map_err(|_| refused("is of another layout"))?;
    if head.kind != Kind::of(workspace) || head.chunks.len() != RecordKind::ALL.len() {
        return Err(refused("is of another layout or workspace"));
    }
    let mut dictionaries = Vec::new();
    for _ in 0..head.dictionaries {
        dictionaries.push(batches::to_texts(&sections.batch()?)?);
    }
    let (ids, mut pages) = (CaseIds::default(), Vec::new());
    for _ in 0..head.pages {
        pages.push(Arc::new(batches::to_page(&sections.batch()?, &ids)?));
    }
    let cases = Cases {
        len: ids.len(),
        pages,
        ids: Arc::new(ids),
        tag_sets: Arc::new(head.tag_sets.into_iter().map(Into::into).collect()),
    };
    let mut tables = Vec::new();
    for (kind, chunks) in RecordKind::ALL.iter().zip(head.chunks) {
        let names = names(*kind);
        let of_kind = |_| batches::to_chunk(&sections.batch()?, names.len(), *kind, cases.len).map(Live::whole);
        let chunks = (0..chunks).map(of_kind).collect::<io::Result<_>>()?;
        tables.push(Table { names: Arc::new(names), chunks });
    }
    if sections.left != 0 {
        return Err(refused("is longer than it should be"));
    }
    let agent_teams: HashMap<u32, Arc<[u32]>> =
        head.agent_teams.into_iter().map(|(agent, teams)| (agent, teams.into())).collect();
    let mut tables = tables.into_iter();
    let snapshot = Snapshot {
        serial: serial(),
        revision: head.revision,
        as_of: Instant::from_ms(head.as_of),
        dictionaries: Arc::new(Dictionaries::of_texts(dictionaries)),
        cases,
        agent_teams: Arc::new(agent_teams),
        tables: std::array::from_fn(|_| tables.next().unwrap_or_default()),
    };
    Ok((snapshot, head.mark))
}

/// What of a file is still to be read.
struct Sections {
    file: File,
    left: u64,
}

impl Sections {
    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or_else(|| refused("is cut off"))?;
        self.file.read_exact(bytes)
    }

    fn next(&mut self) -> io::Result<Buffer> {
        let (mut len, mut sum) = ([0; 8], [0; 4]);
        self.fill(&mut len)?;
        self.fill(&mut sum)?;
        let len = u64::from_le_bytes(len);
        if len > self.left {
            return Err(refused("is cut off"));
        }
        // As long as a file is what fits memory.
        let mut bytes = MutableBuffer::from_len_zeroed(usize::try_from(len).map_err(|_| refused("is too long"))?);
        self.fill(bytes.as_slice_mut())?;
        let mut crc = Crc::new();
        crc.update(bytes.as_slice());
        if crc.sum().to_le_bytes() != sum {
            return Err(refused("is damaged"));
        }
        Ok(bytes.into())
    }

    /// The batch of a stream. Its columns lie in what was read.
    fn batch(&mut self) -> io::Result<RecordBatch> {
        let mut bytes = self.next()?;
        let mut decoder = StreamDecoder::new();
        decoder.decode(&mut bytes).map_err(wrong)?.ok_or_else(|| refused("has an empty section"))
    }
}

fn wrong(error: ArrowError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn refused(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the file of a picture {why}"))
}

#[cfg(test)]
mod tests;
