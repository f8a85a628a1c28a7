//! The commands, run as a script would run them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const KEY: &str = "a secret of the tests, long enough to be one";

fn deskgraph(folder: &tempfile::TempDir, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deskgraph"));
    command
        .current_dir(folder.path())
        .args(words)
        .env_remove("DESKGRAPH_SIGNING_KEY")
        .env_remove("DESKGRAPH_DATABASE_URL");
    command
}

fn run(folder: &tempfile::TempDir, words: &[&str]) -> Output {
    deskgraph(folder, words).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_schema_needs_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let printed = run(&folder, &["schema"]);
    assert!(printed.status.success());
    assert_eq!(out(&printed), include_str!("../../schema.graphql"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it left files");
}

#[test]
fn the_description_of_the_dialects_needs_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let printed = run(&folder, &["openapi"]);
    assert!(printed.status.success());
    assert_eq!(out(&printed), include_str!("../../web/openapi.json"), "stale; run scripts/generate");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it left files");
}

#[test]
fn nothing_is_served_without_a_good_key() {
    let folder = tempfile::tempdir().unwrap();
    let check = |words: &[&str], expected: &str| {
        let refused = run(&folder, words);
        assert_eq!(refused.status.code(), Some(1), "{words:?}");
        assert!(err(&refused).contains(expected), "{words:?}: {}", err(&refused));
    };
    check(
        &["serve"],
        "no signing key: give one by --signing-key-file, DESKGRAPH_SIGNING_KEY, --public-key-file or --jwks",
    );
    check(&["serve", "--signing-key", "short"], "signing key is shorter than 32 bytes");
    check(&["serve", "--demo", "--signing-key", "short"], "signing key is shorter than 32 bytes");
    check(&["serve", "--signing-key-file", "absent"], "signing key file absent");
    check(&["token", "--workspace", "acme"], "a token needs the signing key of the gateway it is for");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it left files");
}

#[test]
fn files_are_imported_and_every_row_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "{\"type\":\"tag\",\"id\":\"a\"}\n{\"type\":\"tag\"}\nnonsense\n{\"type\":\"tag\",\"id\":\"b\"}\n";
    std::fs::write(folder.path().join("lines.ndjson"), lines).unwrap();
    let first = run(&folder, &["import", "--workspace", "acme", "--rejects", "rejects.ndjson", "lines.ndjson"]);
    assert!(first.status.success(), "{}", err(&first));
    let summary = out(&first);
    let counts: Vec<&str> = summary.lines().map(|line| line.trim()).collect();
    assert!(counts.iter().any(|line| line.starts_with("accepted            2")), "{summary}");
    assert!(counts.iter().any(|line| line.starts_with("rejected            2")), "{summary}");
    assert!(counts.iter().any(|line| line.starts_with("lines.ndjson:2: `id` ")), "{summary}");
    let rejects = std::fs::read_to_string(folder.path().join("rejects.ndjson")).unwrap();
    let rejects: Vec<Value> = rejects.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rejects.iter().map(|reject| &reject["line"]).collect::<Vec<_>>(), [&json!(2), &json!(3)]);
    assert_eq!(rejects[0]["file"], "lines.ndjson");
    let again = out(&run(&folder, &["import", "--workspace", "acme", "lines.ndjson"]));
    assert!(again.contains("accepted            0") && again.contains("unchanged           2"), "{again}");
    let absent = run(&folder, &["import", "absent.ndjson"]);
    assert!(!absent.status.success() && err(&absent).contains("cannot open absent.ndjson"), "{}", err(&absent));
}

#[test]
fn a_served_gateway_answers_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["serve", "--listen", "127.0.0.1:0", "--now", "2026-06-01T12:00:00Z", "--log-format", "json"];
    let mut command = deskgraph(&folder, &words);
    command.env("DESKGRAPH_SIGNING_KEY", KEY).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut gateway = command.spawn().unwrap();
    let mut first = String::new();
    BufReader::new(gateway.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let address =
        first.trim().strip_prefix("Deskgraph listens on http://").unwrap_or_else(|| panic!("{first}")).to_owned();

    let words = ["token", "--workspace", "acme", "--role", "manager", "--now", "2026-06-01T12:00:00Z"];
    let token = out(&deskgraph(&folder, &words).env("DESKGRAPH_SIGNING_KEY", KEY).output().unwrap());
    let body = json!({"query": "query Who($hush: String) { viewer { role } case(by: {externalId: $hush}) { id } }", "variables": {"hush": "hidden value"}});
    let body = body.to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {}\r\n",
        token.trim()
    );
    let rest = format!(
        "content-type: application/json\r\ncontent-length: {}\r\nx-request-id: try-1\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all((head + &rest).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"role\":\"MANAGER\""), "{answer}");

    let health = || run(&folder, &["health", "--listen", &address]);
    assert_eq!((health().status.code(), out(&health()).as_str()), (Some(0), "ready\n"));

    assert!(Command::new("kill").arg(gateway.id().to_string()).status().unwrap().success());
    let ended = gateway.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", err(&ended));
    let (gone, reason) = (health().status.code(), err(&health()));
    assert!(gone == Some(1) && reason.contains(&format!("gateway at {address}")), "{reason}");
    let log = err(&ended);
    let line: Value = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .find(|line: &Value| line["message"] == "request")
        .unwrap();
    let told =
        ["method", "path", "status", "operation", "subject", "workspace", "request_id"].map(|key| line[key].clone());
    assert_eq!(json!(told), json!(["POST", "/graphql", 200, "Who", "command line", "acme", "try-1"]));
    assert!(line["ms"].as_f64().is_some_and(|ms| ms > 0.0), "{line}");
    assert!(!log.contains("hidden value") && !log.contains(token.trim()) && !log.contains(KEY), "{log}");
}

#[test]
fn a_wrong_database_is_told_of_though_standard_input_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = deskgraph(&folder, &["import", "-", "--database-url", "mysql://x/y"]);
    let mut program = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let silent = program.stdin.take();
    let (sender, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(program.wait_with_output()));
    let output = ended.recv_timeout(std::time::Duration::from_secs(30)).expect("it waits for its input").unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("database url must start with"), "{}", err(&output));
    drop(silent);
}
