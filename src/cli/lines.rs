//! Lines of a log on their way to a file. Who logs only adds them to those that have gathered; a thread of its own writes all of these at
//! once, after a moment in which more may come. So many lines cost little more than few: nobody wakes anybody for each of them.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// Bytes that may have gathered; who logs more than that waits until they are written.
const MOST_BYTES: usize = 4 << 20;
/// How long lines gather.
const PAUSE: Duration = Duration::from_millis(5);
/// How long the last lines are waited for, when what they are written to takes none.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// Where lines are added.
#[derive(Clone)]
pub struct Lines(Arc<Gathering>);

/// Has the last lines written when it is dropped.
pub struct Guard(Arc<Gathering>);

struct Gathering {
    state: Mutex<State>,
    /// Something is there to write, or there will be no more.
    filled: Condvar,
    /// What was there is taken, or all is written.
    taken: Condvar,
}

#[derive(Default)]
struct State {
    bytes: Vec<u8>,
    /// No more will come.
    is_last: bool,
    /// Nobody writes any more.
    is_over: bool,
}

/// Lines that a thread of their own writes. Nothing is lost but what `writer` does not take.
///
/// # Errors
/// When the thread cannot be started.
pub fn behind(writer: impl Write + Send + 'static) -> io::Result<(Lines, Guard)> {
    let all = Arc::new(Gathering { state: Mutex::default(), filled: Condvar::new(), taken: Condvar::new() });
    let of_writer = Arc::clone(&all);
    thread::Builder::new().name("log".to_owned()).spawn(move || of_writer.write_all(writer))?;
    Ok((Lines(Arc::clone(&all)), Guard(all)))
}

impl Gathering {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, more: &[u8]) {
        let is_full = |state: &mut State| state.bytes.len() >= MOST_BYTES && !state.is_over;
        let mut state = self.taken.wait_while(self.state(), is_full).unwrap_or_else(PoisonError::into_inner);
        if state.is_over {
            return;
        }
        let is_first = state.bytes.is_empty();
        state.bytes.extend_from_slice(more);
        drop(state);
        if is_first {
            self.filled.notify_one();
        }
    }

    fn write_all(&self, mut writer: impl Write) {
        let mut bytes = Vec::new();
        loop {
            let nothing = |state: &mut State| state.bytes.is_empty() && !state.is_last;
            let state = self.filled.wait_while(self.state(), nothing).unwrap_or_else(PoisonError::into_inner);
            let waited = self.filled.wait_timeout_while(state, PAUSE, |state| !state.is_last);
            let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            std::mem::swap(&mut bytes, &mut state.bytes);
            if bytes.is_empty() {
                state.is_over = true;
            }
            drop(state);
            self.taken.notify_all();
            if bytes.is_empty() {
                return;
            }
            // What the system does not write is lost; there is nobody to tell.
            drop(writer.write_all(&bytes).and_then(|()| writer.flush()));
            bytes.clear();
        }
    }
}

impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.add(line);
        Ok(line.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = &'a Lines;
    fn make_writer(&'a self) -> &'a Lines {
        self
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.is_last = true;
        self.0.filled.notify_one();
        drop(self.0.taken.wait_timeout_while(state, LAST_WAIT, |state| !state.is_over));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes what it is given, slowly.
    struct Slow(Arc<Mutex<Vec<u8>>>);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            thread::sleep(Duration::from_millis(1));
            let some = &bytes[..bytes.len().min(1 << 20)];
            self.0.lock().unwrap().extend_from_slice(some);
            Ok(some.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_line_is_written_whole_and_in_order_before_the_end() {
        let written = Arc::default();
        let (lines, guard) = behind(Slow(Arc::clone(&written))).unwrap();
        let line = |thread: usize, number: usize| format!("{thread} {number} {}\n", "x".repeat(1_000));
        thread::scope(|scope| {
            for thread in 0..4 {
                let (lines, line) = (&lines, &line);
                scope
                    .spawn(move || (0..3_000).for_each(|n| { &*lines }.write_all(line(thread, n).as_bytes()).unwrap()));
            }
        });
        drop(guard);
        // Nobody is kept waiting afterwards.
        (&lines).write_all(b"too late\n").unwrap();
        let text = String::from_utf8(written.lock().unwrap().clone()).unwrap();
        for thread in 0..4 {
            let own: String =
                text.split_inclusive('\n').filter(|line| line.starts_with(&format!("{thread} "))).collect();
            assert_eq!(own, (0..3_000).map(|number| line(thread, number)).collect::<String>());
        }
        assert_eq!(text.len(), (0..4).flat_map(|t| (0..3_000).map(move |n| line(t, n).len())).sum::<usize>());
    }

    #[test]
    fn a_line_does_not_wait_for_the_next() {
        let written = Arc::default();
        let (lines, _guard) = behind(Slow(Arc::clone(&written))).unwrap();
        (&lines).write_all(b"one\n").unwrap();
        while written.lock().unwrap().as_slice() != b"one\n" {
            thread::sleep(Duration::from_millis(1));
        }
    }
}
