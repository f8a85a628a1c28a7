//! Files as they come: plain, gzip or zstd, told by their first bytes rather than by their names.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::SourceError;

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
const ZSTD_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const MAGIC_BYTES: u64 = 4;
const BUFFER_BYTES: usize = 256 << 10;

/// A file being read.
pub struct Opened {
    /// Its content, decompressed.
    pub reader: Box<dyn BufRead + Send>,
    /// Size on disk, in bytes.
    pub size_bytes: u64,
    /// How many of those have been read so far.
    pub read_bytes: Arc<AtomicU64>,
}

/// Opens a file that may be compressed.
///
/// # Errors
/// When it cannot be opened or its start cannot be read.
pub fn open(path: &Path) -> Result<Opened, SourceError> {
    let failed = |cause| SourceError::Open { path: path.display().to_string(), cause };
    let file = File::open(path).map_err(failed)?;
    let size_bytes = file.metadata().map_err(failed)?.len();
    let read_bytes = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: file, read_bytes: Arc::clone(&read_bytes) };
    let reader = decompress(BufReader::with_capacity(BUFFER_BYTES, counted)).map_err(failed)?;
    Ok(Opened { reader, size_bytes, read_bytes })
}

/// The content of a reader, decompressed when its first bytes are those of gzip or zstd.
///
/// # Errors
/// When the first bytes cannot be read.
pub fn decompress(mut reader: impl BufRead + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let mut head = Vec::with_capacity(MAGIC_BYTES as usize);
    (&mut reader).take(MAGIC_BYTES).read_to_end(&mut head)?;
    let is_gzip = head.starts_with(GZIP_MAGIC);
    let is_zstd = head.starts_with(ZSTD_MAGIC);
    let whole = Cursor::new(head).chain(reader);
    Ok(if is_gzip {
        Box::new(BufReader::with_capacity(BUFFER_BYTES, flate2::bufread::MultiGzDecoder::new(whole)))
    } else if is_zstd {
        let decoder = zstd::stream::read::Decoder::with_buffer(whole)?;
        Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder))
    } else {
        Box::new(whole)
    })
}

struct Counted<R> {
    inner: R,
    read_bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read_bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read, Write};
    use std::sync::atomic::Ordering;

    use super::{decompress, open};

    fn content(bytes: Vec<u8>) -> String {
        let mut text = String::new();
        decompress(Cursor::new(bytes)).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn tells_formats_by_their_first_bytes() {
        assert_eq!(content(b"plain".to_vec()), "plain");
        assert_eq!(content(b"{}".to_vec()), "{}");
        assert_eq!(content(Vec::new()), "");
        assert_eq!(content([gzip("one, "), gzip("two")].concat()), "one, two");
        let zstd = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
        assert_eq!(content([zstd("one, "), zstd("two")].concat()), "one, two");
    }

    #[test]
    fn a_cut_off_file_is_an_error_not_an_end() {
        let mut bytes = gzip("some text that is long enough");
        bytes.truncate(bytes.len() - 9);
        assert!(decompress(Cursor::new(bytes)).unwrap().read_to_end(&mut Vec::new()).is_err());
    }

    #[test]
    fn counts_what_was_read_of_the_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let bytes = gzip(&"abc".repeat(1000));
        std::fs::write(file.path(), &bytes).unwrap();
        let mut opened = open(file.path()).unwrap();
        opened.reader.read_to_end(&mut Vec::new()).unwrap();
        assert_eq!(opened.size_bytes, bytes.len() as u64);
        assert_eq!(opened.read_bytes.load(Ordering::Relaxed), bytes.len() as u64);
        let missing = open(std::path::Path::new("no such file")).err().unwrap().to_string();
        assert!(missing.starts_with("cannot open no such file: "), "{missing}");
    }
}
