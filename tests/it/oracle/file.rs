//! The oracle files: plain SQL that lists a metric's rows, from the record tables (`tests/oracles/METRIC.sql`) and, of calendar figures,
//! from the event tables alone (`tests/oracles/events/METRIC.sql`, which read what `timeline.sql` and `clocks.sql` make).

use std::fs;
use std::path::PathBuf;

/// Lists the rows of a metric.
#[derive(Clone, Debug)]
pub struct Oracle {
    pub name: String,
    /// The query, with `:workspace` and `:now` in it.
    pub sql: String,
    /// The columns that it lists, as its header says.
    pub columns: Vec<String>,
}

impl Oracle {
    /// The oracle over the record tables.
    pub fn find(name: &str) -> Option<Oracle> {
        let text = fs::read_to_string(folder().join(format!("{name}.sql"))).ok()?;
        let columns = text.lines().find_map(|line| line.strip_prefix("-- Columns: "));
        let columns = columns.unwrap_or_else(|| panic!("{name}.sql does not say its columns"));
        let columns = columns.split(", ").map(str::to_owned).collect();
        Some(Oracle { name: name.to_owned(), sql: without_comments(&text), columns })
    }
    pub fn read(name: &str) -> Oracle {
        Oracle::find(name).unwrap_or_else(|| panic!("there is no oracle {name}.sql"))
    }
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|own| own == column)
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/oracles")
}

/// Names of the oracles over the event tables.
pub fn event_oracles() -> Vec<String> {
    let entries = fs::read_dir(folder().join("events")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().trim_end_matches(".sql").to_owned());
    let mut names: Vec<String> = names.filter(|name| !["timeline", "clocks"].contains(&name.as_str())).collect();
    names.sort();
    names
}

/// An oracle over the event tables, or a script that makes what they read.
pub fn of_events(name: &str) -> String {
    without_comments(&fs::read_to_string(folder().join("events").join(format!("{name}.sql"))).unwrap())
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n")
}
