//! The records of a table in CSV, read on a thread of their own while those before are used: shapes that hold the whole table before they
//! give a line take half as long.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use csv::{ByteRecord, Position, StringRecord};

use super::ndjson::LINE_BYTES;

/// Read ahead by the CSV reader, in bytes; no row bound can be finer.
const AHEAD_BYTES: usize = 64 << 10;
/// Records that change threads at once, and their bytes, with the last one as long as it may be.
const CHUNK: usize = 128;
const CHUNK_BYTES: usize = 64 << 10;
/// Chunks that wait to be used.
const CHUNKS: usize = 4;

/// A record, and where it stands.
#[derive(Default)]
pub(super) struct Record {
    /// Line of the file on which it starts.
    pub(super) line: u64,
    /// Its texts; none when it is not UTF-8.
    pub(super) texts: StringRecord,
    /// Indicates it is.
    pub(super) is_utf8: bool,
}

/// Records that were read at once, first to last.
#[derive(Default)]
struct Chunk {
    records: Vec<Record>,
    used: usize,
    /// Why it is the last.
    end: Option<csv::Result<()>>,
}

/// A table being read.
pub(super) struct Records {
    filled: Receiver<Chunk>,
    /// Where chunks go whose memory may be used again.
    free: Sender<Chunk>,
    chunk: Chunk,
    /// Place after the record in hand.
    next: usize,
}

impl Records {
    /// Reads the header; the rest is read on.
    ///
    /// # Errors
    /// When the header cannot be read, or a thread not be had.
    pub(super) fn open(reader: Box<dyn Read + Send>) -> csv::Result<(StringRecord, Records)> {
        let unread_bytes = Arc::new(AtomicUsize::new(LINE_BYTES + AHEAD_BYTES));
        let bounded = Bounded { reader, unread_bytes: Arc::clone(&unread_bytes) };
        let mut reader = csv::ReaderBuilder::new().flexible(true).buffer_capacity(AHEAD_BYTES).from_reader(bounded);
        let header = reader.headers()?.clone();
        let (filling, filled) = sync_channel(CHUNKS);
        let (free, freed) = channel();
        thread::Builder::new().name("csv".to_owned()).spawn(move || read(reader, &unread_bytes, &filling, &freed))?;
        Ok((header, Records { filled, free, chunk: Chunk::default(), next: 0 }))
    }

    /// Goes on to the next record; false at the end.
    pub(super) fn advance(&mut self) -> csv::Result<bool> {
        while self.next >= self.chunk.used {
            if let Some(end) = self.chunk.end.take() {
                // Asked again, it ends again.
                self.chunk.end = Some(Ok(()));
                return end.map(|()| false);
            }
            let ended = || Chunk { end: Some(Ok(())), ..Chunk::default() };
            let used = std::mem::replace(&mut self.chunk, self.filled.recv().unwrap_or_else(|_| ended()));
            let _ = self.free.send(used);
            self.next = 0;
        }
        self.next += 1;
        Ok(true)
    }

    /// The record in hand.
    pub(super) fn record(&self) -> Option<&Record> {
        self.chunk.records.get(self.next.checked_sub(1)?)
    }
}

/// Reads until the end, or nobody wants more.
fn read(
    mut reader: csv::Reader<Bounded>,
    unread_bytes: &AtomicUsize,
    filling: &SyncSender<Chunk>,
    freed: &Receiver<Chunk>,
) {
    let mut is_ended = false;
    while !is_ended {
        let mut chunk = freed.try_recv().unwrap_or_default();
        (chunk.used, is_ended) = (0, true);
        let mut bytes_read = 0;
        let end = loop {
            if chunk.used == CHUNK || bytes_read > CHUNK_BYTES {
                is_ended = false;
                break None;
            }
            if chunk.records.len() == chunk.used {
                chunk.records.push(Record::default());
            }
            let Some(record) = chunk.records.get_mut(chunk.used) else { break None };
            let mut bytes = record.take_memory();
            unread_bytes.store(LINE_BYTES + AHEAD_BYTES, Ordering::Relaxed);
            match reader.read_byte_record(&mut bytes) {
                Ok(true) => {
                    bytes_read += bytes.as_slice().len();
                    *record = Record::of(bytes);
                    chunk.used += 1;
                }
                ended => break Some(ended.map(drop)),
            }
        };
        chunk.end = end;
        if filling.send(chunk).is_err() {
            return;
        }
    }
}

impl Record {
    fn of(bytes: ByteRecord) -> Record {
        let line = bytes.position().map_or(0, Position::line);
        match StringRecord::from_byte_record(bytes) {
            Ok(texts) => Record { line, texts, is_utf8: true },
            Err(_) => Record { line, ..Record::default() },
        }
    }

    /// The memory of a record that is no longer used, unless it was a large one.
    fn take_memory(&mut self) -> ByteRecord {
        let texts = std::mem::take(&mut self.texts);
        if texts.as_slice().len() > CHUNK_BYTES / CHUNK * 8 { ByteRecord::new() } else { texts.into_byte_record() }
    }
}

/// Stops at a row that does not end, such as one with an open quote, before it fills the memory.
struct Bounded {
    reader: Box<dyn Read + Send>,
    unread_bytes: Arc<AtomicUsize>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let unread = self.unread_bytes.load(Ordering::Relaxed);
        if unread == 0 {
            return Err(io::Error::other(format!("a row is longer than {LINE_BYTES} bytes; is a quote left open?")));
        }
        let limit = unread.min(buffer.len());
        let count = self.reader.read(&mut buffer[..limit])?;
        self.unread_bytes.store(unread - count, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: Vec<u8>) -> Records {
        Records::open(Box::new(io::Cursor::new(text))).unwrap().1
    }

    #[test]
    fn records_come_in_order_and_end_once_and_for_all() {
        let mut text = b"id,name\n".to_vec();
        for n in 0..3 * CHUNK {
            text.extend_from_slice(format!("{n},{}\n", "x".repeat(n * 7 % 900)).as_bytes());
        }
        text.extend_from_slice(b"\xff,y\n");
        let mut records = open(text);
        assert!(records.record().is_none());
        for n in 0..3 * CHUNK {
            assert!(records.advance().unwrap());
            let record = records.record().unwrap();
            assert_eq!((record.line, record.texts.get(0)), (n as u64 + 2, Some(n.to_string().as_str())));
            assert_eq!(record.texts.get(1).map(str::len), Some(n * 7 % 900));
        }
        assert!(records.advance().unwrap() && !records.record().unwrap().is_utf8);
        assert!(!records.advance().unwrap());
        assert!(!records.advance().unwrap());
    }

    #[test]
    fn a_quote_left_open_is_noticed_before_it_fills_the_memory() {
        let mut records = open([b"id\na\n\"".as_slice(), &vec![b'x'; 3 * LINE_BYTES]].concat());
        assert!(records.advance().unwrap());
        let error = records.advance().unwrap_err().to_string();
        assert!(error.contains("is a quote left open?"), "{error}");
    }
}
