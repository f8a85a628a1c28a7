//! Lines for the axe to fall on: a number of files, each a transaction of its own, in which later ones add to cases of earlier ones.
//! No line says twice what another says otherwise, so that a replay changes nothing, not even the revision.

use std::fs;
use std::path::{Path, PathBuf};

/// Cases that a file brings.
const CASES: usize = 4;

const REFERENCE: &str = r#"{"type":"workspace","name":"Acme","timezone":"Europe/Copenhagen","business_hours":"office"}
{"type":"business_hours","id":"office","timezone":"Europe/Copenhagen","weekly":{"monday":[["09:00","17:00"]],"friday":[["22:00","02:00"]]}}
{"type":"sla_policy","id":"gold","position":1,"conditions":{"tag":["vip"]},"targets":[{"metric":"first_reply","goal_seconds":900},{"metric":"resolution","goal_seconds":3600,"clock":"business"}]}
{"type":"sla_policy","id":"all","position":2,"targets":[{"metric":"next_reply","goal_seconds":900}]}
{"type":"agent","id":"a0","number":1,"name":"Sarah","teams":["t0"]}
{"type":"team","id":"t0","name":"Billing","business_hours":"office"}
{"type":"customer","id":"cu1","name":"Kim"}
"#;

/// The lines of each file.
pub fn files(count: usize) -> Vec<String> {
    (0..count).map(|file| lines(file, count)).collect()
}

/// Writes the files, numbered in their order.
pub fn write(folder: &Path, files: &[String]) -> Vec<PathBuf> {
    let path = |number: usize| folder.join(format!("{number:02}.ndjson"));
    let paths: Vec<PathBuf> = (0..files.len()).map(path).collect();
    for (path, lines) in paths.iter().zip(files) {
        fs::write(path, lines).unwrap();
    }
    paths
}

fn lines(file: usize, count: usize) -> String {
    let mut lines = if file == 0 { REFERENCE.to_owned() } else { String::new() };
    for nth in 0..CASES {
        let case = file * CASES + nth;
        // An event of a case of the next file waits for it.
        lines += &talk(if nth == 0 && file + 1 < count { case + CASES } else { case });
        lines += &case_line(case);
        // A case of an earlier file goes on, so that its rows are derived and written again.
        if case >= CASES {
            lines += &ending(case - CASES);
        }
    }
    if file == count / 2 {
        // A schedule's new version touches every case that there is by now.
        lines += r#"{"type":"business_hours","id":"office","from":"2026-05-04T00:00:00Z","timezone":"Europe/Copenhagen","weekly":{"monday":[["08:00","12:00"]]}}"#;
        lines += "\n";
        lines += "{\"type\":\"erase\",\"of\":\"case\",\"id\":\"c2\"}\n";
    }
    if file == count / 2 + 1 {
        lines += "{\"type\":\"erase\",\"of\":\"customer\",\"id\":\"cu3\"}\n";
    }
    lines
}

fn at(case: usize, minutes: usize) -> String {
    let minutes = case * 37 + minutes;
    format!("2026-05-{:02}T{:02}:{:02}:00Z", 1 + minutes / 1440, minutes / 60 % 24, minutes % 60)
}

fn case_line(n: usize) -> String {
    let number = if n.is_multiple_of(3) { format!(r#","number":{}"#, 500 + n) } else { String::new() };
    let tag = if n % 4 == 1 { r#","tags":["vip"]"# } else { "" };
    let at = at(n, 0);
    format!(
        r#"{{"type":"case","id":"c{n}","created_at":"{at}","channel":"email","requester":"cu{}","subject":"Lamp {n} is broken","priority":"high"{number}{tag}}}"#,
        n % 7
    ) + "\n"
}

fn talk(n: usize) -> String {
    let (first, second, third) = (at(n, 0), at(n, 11), at(n, 25));
    let (customer, agent, team) = (n % 7, n % 5, n % 3);
    format!(
        r#"{{"type":"message","case":"c{n}","id":"m{n}-1","at":"{first}","author":{{"kind":"customer","id":"cu{customer}"}}}}
{{"type":"assignment","case":"c{n}","at":"{second}","agent":"a{agent}","team":"t{team}","queue":"q{team}","actor":{{"kind":"system"}}}}
{{"type":"message","case":"c{n}","id":"m{n}-2","at":"{third}","author":{{"kind":"agent","id":"a{agent}"}}}}
{{"type":"presence","agent":"a{agent}","at":"{third}","status":"busy"}}
"#
    )
}

fn ending(n: usize) -> String {
    let (first, second, third) = (at(n, 70), at(n, 90), at(n, 200));
    let (customer, agent) = (n % 7, n % 5);
    format!(
        r#"{{"type":"message","case":"c{n}","id":"m{n}-3","at":"{first}","author":{{"kind":"customer","id":"cu{customer}"}}}}
{{"type":"change","case":"c{n}","at":"{first}","field":"tag_added","to":"late","actor":{{"kind":"agent","id":"a{agent}"}}}}
{{"type":"status_change","case":"c{n}","at":"{second}","status":"resolved","actor":{{"kind":"agent","id":"a{agent}"}}}}
{{"type":"rating","case":"c{n}","id":"r{n}","at":"{third}","score":{},"comment":"thanks"}}
"#,
        1 + n % 5
    )
}
