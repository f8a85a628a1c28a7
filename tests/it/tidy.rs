//! The invariants of the architecture page that a machine can check, checked: layers, homes of foreign crates, pure lower layers,
//! file headers and lengths, the agreed top level, nothing of one machine in the tree.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of `src/`, each with its layer. A layer imports only lower ones; modules of one layer are strangers. The four of the
/// binary's layer stand in the order in which they call each other.
const LAYERS: [(&str, u32); 18] = [
    ("model", 0),
    ("record", 10),
    ("metric", 20),
    ("store", 30),
    ("engine", 30),
    ("import", 30),
    ("auth", 30),
    ("app", 40),
    ("graphql", 50),
    ("rest", 50),
    ("sql", 50),
    ("export", 50),
    ("http", 60),
    ("config", 70),
    ("server", 71),
    ("cli", 72),
    ("main", 73),
    ("lib", 73),
];

/// Foreign crates that only these modules may name.
const HOMES: [(&str, &[&str]); 22] = [
    ("sea_orm", &["store"]),
    ("sqlx", &["store"]),
    ("migrations", &["store"]),
    ("arrow", &["engine"]),
    ("async_graphql", &["graphql", "http"]),
    ("dataloader", &["graphql"]),
    ("axum", &["http", "rest"]),
    ("governor", &["app"]),
    ("jsonwebtoken", &["auth"]),
    ("opentelemetry", &["cli", "http"]),
    ("opentelemetry_otlp", &["cli"]),
    ("prometheus_client", &["http"]),
    ("reqwest", &["auth", "cli"]),
    ("tokio_rustls", &["auth", "http"]),
    ("hmac", &["auth"]),
    ("rayon", &["engine"]),
    ("rustix", &["cli", "engine"]),
    ("tower", &["http"]),
    ("tower_http", &["http"]),
    ("tracing_appender", &["cli"]),
    ("utoipa", &["rest"]),
    ("uuid", &["rest"]),
];

/// Files that may be longer than the ceiling, and why.
const LONGER: [(&str, &str); 0] = [];
const LIMIT_LINES: usize = 400;

/// Files whose header may be longer than eight lines, and why.
const LONGER_HEADERS: [(&str, &str); 2] =
    [("src/lib.rs", "the architecture page"), ("src/import/mapping.rs", "the reference of the mapping file")];
const LIMIT_HEADER_LINES: usize = 8;

/// The agreed top level; hidden tool files may join it.
const TOP_LEVEL: [&str; 13] = [
    "Cargo.toml",
    "Cargo.lock",
    "schema.graphql",
    "docker-compose.yml",
    "README.md",
    "LICENSE",
    "migrations",
    "src",
    "tests",
    "benches",
    "scripts",
    "web",
    "target",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Files below a folder, without what tools put there.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "data", ".git", "node_modules"].contains(&name.as_str()) {
                files(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

/// Rust files below a folder of the project: path as the project writes it, and text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&root().join(folder), &mut found);
    found.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let named = |path: PathBuf| {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(&path).unwrap())
    };
    found.into_iter().map(named).collect()
}

/// The code of a file: without lines that are comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The top module that a file of `src/` belongs to.
fn module(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

fn layer(module: &str) -> Option<u32> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Places where a name stands by itself.
fn mentions<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(name).map(|(at, _)| at).filter(move |&at| {
        let before = code[..at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// Top modules that code names by `crate::…`, groups included.
fn imported(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for at in mentions(code, "crate") {
        let Some(rest) = code[at + "crate".len()..].strip_prefix("::") else { continue };
        let Some(group) = rest.strip_prefix('{') else {
            found.insert(rest.chars().take_while(|&letter| is_word(letter)).collect());
            continue;
        };
        let (mut depth, mut name) = (1, String::new());
        for letter in group.chars() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if depth == 1 && letter == ',' {
                found.insert(std::mem::take(&mut name));
            } else if depth == 1 || (depth == 2 && letter == '{') {
                name.push(letter);
            }
        }
        found.insert(name);
    }
    found.into_iter().map(|name| name.trim().split("::").next().unwrap_or_default().to_owned()).collect()
}

/// Most `super::` in a row outside the file's own tests.
fn climbs(code: &str) -> usize {
    let own = code.split("#[cfg(test)]").next().unwrap_or_default();
    (1..10).take_while(|&steps| own.contains(&"super::".repeat(steps))).last().unwrap_or(0)
}

fn complain(what: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

#[test]
fn a_layer_imports_only_lower_layers() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let (name, code) = (module(&path), code(&text));
        let Some(own) = layer(name) else {
            wrong.push(format!("{path}: module {name} has no layer"));
            continue;
        };
        for other in imported(&code).iter().filter(|other| *other != name) {
            if layer(other).is_some_and(|other| other >= own) {
                wrong.push(format!("{path} imports {other}"));
            }
        }
        let inside = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        if climbs(&code) >= inside.split('/').count() {
            wrong.push(format!("{path} climbs out of its module by super::"));
        }
    }
    complain("layers", wrong);
}

#[test]
fn the_scan_sees_what_it_should() {
    let check = |code: &str, expected: &[&str]| {
        assert_eq!(imported(code).iter().map(String::as_str).collect::<Vec<_>>(), expected, "{code}");
    };
    check("use crate::model::{Case, Event};", &["model"]);
    check("use crate::{app::{App, Error}, http, model::Id};", &["app", "http", "model"]);
    check("let x = crate::store::open(y); mycrate::z()", &["store"]);
    assert_eq!((climbs("use super::super::x;"), climbs("use super::x;\n#[cfg(test)] use super::super::x;")), (2, 1));
    assert_eq!(mentions("sea_orm::x sea_orm_migration::y", "sea_orm").count(), 1);
}

#[test]
fn foreign_crates_stay_at_home() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let code = code(&text);
        for (name, homes) in HOMES {
            let used = mentions(&code, name).any(|at| code[at + name.len()..].starts_with("::"));
            if used && !homes.contains(&module(&path)) {
                wrong.push(format!("{path} uses {name}, whose home is {}", homes.join(", ")));
            }
        }
    }
    complain("homes of foreign crates", wrong);
}

#[test]
fn the_lower_layers_are_pure() {
    let mut wrong = Vec::new();
    for (path, text) in
        sources("src").into_iter().filter(|(path, _)| layer(module(path)).is_some_and(|layer| layer <= 20))
    {
        let code = code(&text);
        for name in ["async", "await", "tokio", "tracing"] {
            if mentions(&code, name).next().is_some() {
                wrong.push(format!("{path} has {name}"));
            }
        }
        for name in ["std::fs", "std::net", "std::io", "std::env", "std::process"] {
            if code.contains(name) {
                wrong.push(format!("{path} uses {name}"));
            }
        }
    }
    complain("I/O or async below layer 3", wrong);
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    let mut wrong = Vec::new();
    let mut needed = BTreeSet::new();
    for (path, text) in ["src", "tests", "migrations", "web", "benches"].into_iter().flat_map(sources) {
        if !text.starts_with("//! ") {
            wrong.push(format!("{path} does not begin with //!"));
        }
        let header = text.lines().take_while(|line| line.starts_with("//!")).count();
        if header > LIMIT_HEADER_LINES && !LONGER_HEADERS.iter().any(|(longer, _)| *longer == path) {
            wrong.push(format!("{path} has a header of {header} lines; at most {LIMIT_HEADER_LINES}"));
        }
        let lines = text.lines().count();
        if lines > LIMIT_LINES && path != "src/lib.rs" {
            match LONGER.iter().find(|(longer, _)| *longer == path) {
                Some((longer, _)) => drop(needed.insert(*longer)),
                None => wrong.push(format!("{path} has {lines} lines; at most {LIMIT_LINES}")),
            }
        }
    }
    for (path, _) in LONGER.iter().filter(|(path, _)| !needed.contains(path)) {
        wrong.push(format!("{path} need not be on the list of longer files"));
    }
    complain("files", wrong);
}

#[test]
fn the_top_level_is_the_agreed_one() {
    // What a run leaves behind is not committed.
    let left_behind =
        |name: &str| name == "data" || name.starts_with("deskgraph.db") || name.starts_with("deskgraph-demo.db");
    let names = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let strangers =
        names.filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(&name.as_str()) && !left_behind(name));
    complain("top level", strangers.collect());
}

#[test]
fn nothing_of_one_machine_is_in_the_tree() {
    // Put together here, so that this file does not hold them.
    let marks = [["/", "work/"], ["/", "root/"], ["/", "home/"], ["/Us", "ers/"], ["registry.npm", "js.org"]]
        .map(|parts| parts.concat());
    let mut found = Vec::new();
    files(&root(), &mut found);
    let mut wrong = Vec::new();
    for path in found {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let is_data = [".db", ".db-wal", ".db-shm"].iter().any(|end| name.ends_with(end)) || name == ".git";
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for mark in marks.iter().filter(|mark| !is_data && text.contains(mark.as_str())) {
            wrong.push(format!("{name} names {mark}"));
        }
    }
    complain("machine paths", wrong);
}
