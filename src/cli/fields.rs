//! The fields of a line of the log, as the library writes them (`status=200 path="/graphql"`), at a third of its cost: it styles each for
//! terminals, and looks for what to escape letter by letter.

use std::error::Error;
use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing_subscriber::field::{RecordFields, VisitFmt, VisitOutput};
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::{DefaultVisitor, Writer};

/// See the module; for lines without colours.
pub struct PlainFields;

impl<'w> FormatFields<'w> for PlainFields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut line = Line { library: DefaultVisitor::new(writer, true), is_first: true };
        fields.record(&mut line);
        line.library.finish()
    }
}

struct Line<'w> {
    library: DefaultVisitor<'w>,
    is_first: bool,
}

impl Line<'_> {
    /// Indicates the library has to write a field: the first, which it sees by where to put spaces, and the message.
    fn is_special(&mut self, field: &Field) -> bool {
        std::mem::replace(&mut self.is_first, false) || field.name() == "message" || field.name().starts_with("r#")
    }

    fn put(&mut self, field: &Field, value: &dyn Debug) {
        // What it writes to is a text, which takes all.
        let _ = write!(self.library.writer(), " {}={value:?}", field.name());
    }
}

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match self.is_special(field) {
            true => self.library.record_debug(field, value),
            false => self.put(field, value),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if self.is_special(field) {
            return self.library.record_str(field, value);
        }
        if value.bytes().any(|byte| !(b' '..=b'~').contains(&byte) || byte == b'"' || byte == b'\\') {
            return self.put(field, &value);
        }
        let writer = self.library.writer();
        let _ = [" ", field.name(), "=\"", value, "\""].iter().try_for_each(|part| writer.write_str(part));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.is_first = false;
        self.library.record_error(field, value);
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::layer;
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::registry;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_are_as_the_library_writes_them() {
        let (ours, theirs) = (Kept::default(), Kept::default());
        let (to_ours, to_theirs) = (ours.clone(), theirs.clone());
        let layers = registry()
            .with(layer().without_time().with_ansi(false).with_writer(move || to_theirs.clone()))
            .with(layer().without_time().with_ansi(false).fmt_fields(PlainFields).with_writer(move || to_ours.clone()));
        tracing::subscriber::with_default(layers, || {
            let (none, error) = (None::<&str>, io::Error::other("a \u{1b}[31mcause"));
            tracing::info!(
                method = "POST",
                path = "/graphql",
                status = 200_u16,
                ms = 0.25,
                none,
                some = Some("x"),
                "request"
            );
            tracing::info!(
                quoted = "say \"a\\b\"",
                lines = "a\nb\u{1b}[0m é",
                empty = "",
                is = true,
                r#type = "t",
                n = -3
            );
            tracing::error!(%error, found = ?[1, 2], "said {} \u{1b}[2J", "so");
            tracing::warn!(error = &error as &(dyn Error + 'static), after = "that");
            tracing::warn!("alone");
        });
        let text = |kept: &Kept| String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert!(text(&theirs).lines().count() >= 5, "{}", text(&theirs));
        // Each writer is given its lines in turn; the same text came to both.
        assert_eq!(text(&ours), text(&theirs));
    }
}
