//! How the gateway bears more than it can do: clients that each ask a dashboard nobody has asked before, as fast as they are answered, first
//! few, then many more than there are places, then few again, of viewers who may ask any number. What counts is that the time of what is
//! accepted stays bounded by the queue, that memory does not grow with the clients, that everybody else is refused at once, and that after
//! the storm the gateway is as quick as before. Run it by `scripts/bench load`.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant as Moment};

use serde_json::json;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Clients: a calm, a storm, the calm after it.
const CLIENTS: [(&str, usize); 3] = [("before", 4), ("storm", 400), ("after", 4)];
/// Places at work and in the queue, and the longest wait, in the storm's gateway.
const PLACES: [&str; 6] = ["--queue-running", "8", "--queue-waiting", "64", "--queue-wait", "2s"];
/// How long each phase lasts.
const PHASE: Duration = Duration::from_secs(15);
const NOW: &str = "2026-11-20T15:00:00Z";
/// Latest that what is accepted may be answered: the longest wait, and as long again.
const LATEST: Duration = Duration::from_secs(4);
/// Latest that a refusal may be.
const SOON: Duration = Duration::from_secs(1);

struct Gateway {
    child: Child,
    url: String,
    token: String,
    _folder: tempfile::TempDir,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // It may have ended by itself, which the bench has noticed then.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Gateway {
    /// Starts the demonstration and waits until it is loaded.
    fn start() -> Result<Gateway> {
        let folder = tempfile::tempdir()?;
        let database = format!("sqlite://{}", folder.path().join("demo.db").display());
        // A binary that is there already spares building one.
        let binary = std::env::var("DESKGRAPH_BINARY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_deskgraph").to_owned());
        let mut command = Command::new(binary);
        command.args(["serve", "--demo", "--now", NOW, "--listen", "127.0.0.1:0", "--rate", "0"]);
        command.args(["--log-level", "warn,deskgraph::app=info", "--database-url", &database]).args(PLACES);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (said, log) = (child.stdout.take().ok_or("no output")?, child.stderr.take().ok_or("no log")?);
        let mut said = BufReader::new(said).lines();
        let mut next = |start: &str| -> Result<String> {
            loop {
                let line = said.next().ok_or("the gateway said too little")??;
                if let Some(rest) = line.trim().strip_prefix(start) {
                    return Ok(format!("{start}{rest}"));
                }
            }
        };
        let url = next("Deskgraph listens on ")?.trim_start_matches("Deskgraph listens on ").to_owned();
        let token = next("eyJ")?;
        let (loaded, is_loaded) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(std::result::Result::ok) {
                // Once it is loaded nobody listens any more.
                if line.contains("the demo is complete") && loaded.send(()).is_err() {
                    break;
                }
            }
        });
        is_loaded.recv()?;
        Ok(Gateway { child, url, token, _folder: folder })
    }

    /// Memory of its process, in MiB.
    fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes / 1024)
    }
}

/// What a phase came to.
#[derive(Default)]
struct Phase {
    accepted_ms: Vec<f64>,
    refused_ms: Vec<f64>,
    others: u64,
    memory: u64,
}

impl Phase {
    fn at(times: &mut [f64], share: f64) -> f64 {
        times.sort_by(f64::total_cmp);
        let place = ((times.len() as f64 * share).ceil() as usize).saturating_sub(1);
        times.get(place).copied().unwrap_or_default()
    }
}

/// A dashboard about a stretch that nobody else asks about.
fn dashboard(number: u64) -> String {
    let from = 1_748_736_000_000_i64 + i64::try_from(number % 10_000_000).unwrap_or_default() * 1_009;
    let instant = |ms: i64| deskgraph::model::Instant::from_ms(ms).to_string();
    let period = json!({"interval": {"from": instant(from), "until": instant(from + 40_000_000_000)}});
    let query = "query Load($period: PeriodInput) { metrics(period: $period) { createdCases { count series(grain: DAY) { metric { count } } } \
                 firstResponseTime { median percentile(p: 95) by(dimension: AGENT, first: 10) { key { label } metric { median } } } \
                 resolutionTime { average series(grain: WEEK) { metric { percentile(p: 90) } } } csat { percentage } } }";
    json!({"query": query, "variables": {"period": period}}).to_string()
}

async fn run(gateway: &Gateway, clients: usize, numbers: &Arc<AtomicU64>) -> Result<Phase> {
    let is_over = Arc::new(AtomicBool::new(false));
    let mut asking = Vec::new();
    for _ in 0..clients {
        let (url, token) = (format!("{}/graphql", gateway.url), gateway.token.clone());
        let (is_over, numbers) = (Arc::clone(&is_over), Arc::clone(numbers));
        // Each on a connection of its own.
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(1).build()?;
        asking.push(tokio::spawn(async move {
            let mut phase = Phase::default();
            while !is_over.load(Ordering::Relaxed) {
                let since = Moment::now();
                let request = client.post(&url).bearer_auth(&token).header("content-type", "application/json");
                let answer = request.body(dashboard(numbers.fetch_add(1, Ordering::Relaxed))).send().await;
                let (status, body) = match answer {
                    Ok(answer) => (answer.status().as_u16(), answer.text().await.unwrap_or_default()),
                    Err(_) => (0, String::new()),
                };
                let ms = since.elapsed().as_secs_f64() * 1_000.0;
                match status {
                    200 if body.contains("\"data\"") && !body.contains("\"errors\"") => phase.accepted_ms.push(ms),
                    503 => {
                        phase.refused_ms.push(ms);
                        // As one who was told to come back, though sooner than asked.
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                    _ => phase.others += 1,
                }
            }
            phase
        }));
    }
    let (mut whole, until) = (Phase::default(), Moment::now() + PHASE);
    while Moment::now() < until {
        tokio::time::sleep(Duration::from_millis(200)).await;
        whole.memory = whole.memory.max(gateway.memory()?);
    }
    is_over.store(true, Ordering::Relaxed);
    for phase in asking {
        let phase = phase.await?;
        whole.accepted_ms.extend(phase.accepted_ms);
        whole.refused_ms.extend(phase.refused_ms);
        whole.others += phase.others;
    }
    Ok(whole)
}

#[tokio::main]
async fn main() -> Result<()> {
    deskgraph::auth::key_source::choose_cryptography();
    let gateway = Gateway::start()?;
    let numbers = Arc::new(AtomicU64::new(0));
    println!(
        "| phase | clients | answered a second | median, p99, longest ms | refused a second | p99 of refusals ms | memory MiB |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut medians = Vec::new();
    let mut wrong = Vec::new();
    for (name, clients) in CLIENTS {
        let mut phase = run(&gateway, clients, &numbers).await?;
        let rate = |count: usize| count as f64 / PHASE.as_secs_f64();
        let (answered, refused) = (rate(phase.accepted_ms.len()), rate(phase.refused_ms.len()));
        let [median, late, longest] = [0.5, 0.99, 1.0].map(|share| Phase::at(&mut phase.accepted_ms, share));
        let told = Phase::at(&mut phase.refused_ms, 0.99);
        println!(
            "| {name} | {clients} | {answered:.0} | {median:.0}, {late:.0}, {longest:.0} | {refused:.0} | {told:.0} | {} |",
            phase.memory
        );
        medians.push(median);
        if phase.others > 0 {
            wrong.push(format!("{name}: {} requests were neither answered nor refused", phase.others));
        }
        if late > LATEST.as_secs_f64() * 1_000.0 || told > SOON.as_secs_f64() * 1_000.0 {
            wrong.push(format!("{name}: p99 of answers {late:.0} ms, of refusals {told:.0} ms"));
        }
        if clients > 10 && phase.refused_ms.is_empty() {
            wrong.push(format!("{name}: nobody was refused, so that it was no storm"));
        }
        if clients < 10 && !phase.refused_ms.is_empty() {
            wrong.push(format!("{name}: {} requests were refused", phase.refused_ms.len()));
        }
    }
    let [before, _, after] = medians.as_slice() else { return Err("no phases".into()) };
    println!("\nafter the storm the median is {:.2} of the one before", after / before);
    if *after > before * 2.0 {
        wrong.push("the gateway is not as quick after the storm as before".to_owned());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ").into()) }
}
