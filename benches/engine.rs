//! How fast the executor answers, against a plain loop over rows as structs that does the same work for that one question: cases with
//! three SLA clocks each, on all threads. What counts is the ratio, and how cost grows with the number of cases. Run it by
//! `scripts/bench engine [CASES …]`.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant as Moment;

use deskgraph::engine::cases::{ATTRIBUTES, Cases, PAGE, Page};
use deskgraph::engine::chunk::{CHUNK_ROWS, Chunk, Live, Table};
use deskgraph::engine::column::{Codes, Column, Numbers};
use deskgraph::engine::dictionary::Dictionaries;
use deskgraph::engine::snapshot::Snapshot;
use deskgraph::engine::{Limits, RowsOf};
use deskgraph::metric::bucket::buckets;
use deskgraph::metric::{
    Block, Condition, Credit, Grain, GroupBy, Measured, Percentile, Placed, Scan, Selection, Value, Window, Zone,
};
use deskgraph::model::{Filter, FilterAttribute, Instant, Span};
use deskgraph::record::{Domain, RecordKind};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Numbers of cases when none are named.
const SIZES: [usize; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
const METRICS: [&str; 3] = ["first_reply", "next_reply", "resolution"];
const NAMES: [&str; 8] = ["metric", "policy", "is_completed", "is_fulfilled", "due_at", "counted", "agent", "team"];
const ROUNDS: usize = 11;

/// A clock as a program without columns has it.
struct Clock {
    created_at: i64,
    slot: u32,
    metric: u32,
    policy: u32,
    agent: u32,
    team: u32,
    is_completed: bool,
    is_fulfilled: bool,
    due_at: Option<i64>,
    counted: Option<i64>,
}

fn main() -> Result<()> {
    let named: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    for cases in if named.is_empty() { SIZES.to_vec() } else { named } {
        measure(cases)?;
    }
    Ok(())
}

fn measure(cases: usize) -> Result<()> {
    let start = Instant::parse("2025-01-01T00:00:00Z").ok_or("no instant")?;
    let dictionaries = Arc::new(Dictionaries::default());
    let clocks = clocks(cases, start.ms(), &dictionaries);
    let snapshot = snapshot(&clocks, dictionaries);
    println!("\n{cases} cases\n");
    let bench = Bench { zone: Zone::find("Europe/Copenhagen")?, start, snapshot, clocks };
    println!("| question | rows | ms | ns/row | plain loop ms | ratio |\n|---|---|---|---|---|---|");
    let year = bench.window(365, None)?;
    let count = |rows: &[Condition]| Measured { rows: rows.to_vec(), value: Value::Count, percentiles: Vec::new() };
    let value = |percentiles: &[f64]| Measured {
        rows: Vec::new(),
        value: Value::Column("counted"),
        percentiles: percentiles.iter().filter_map(|p| Percentile::of(*p)).collect(),
    };
    let outcomes = vec![
        count(&[Condition::Is("is_completed"), Condition::Is("is_fulfilled")]),
        count(&[Condition::Is("is_completed"), Condition::IsNot("is_fulfilled")]),
        count(&[Condition::IsNot("is_completed"), Condition::Past("due_at")]),
        count(&[Condition::IsNot("is_completed")]),
        value(&[50.0, 90.0, 95.0]),
    ];
    let by_metric = [GroupBy::Column("metric")];
    let agent = [GroupBy::Attribute(FilterAttribute::Agent)];
    let mut channels = Filter::default();
    channels.keep(FilterAttribute::Channel, vec!["channel1".into(), "channel2".into()])?;
    let channels = [Arc::new(channels)];
    bench.compare("SLA overview", (&year, &[], &by_metric), &outcomes, Some(overview))?;
    bench.compare("count", (&year, &[], &[]), &[count(&[])], Some(plain_count))?;
    bench.compare("count of completed", (&year, &[], &[]), &[count(&[Condition::Is("is_completed")])], None)?;
    bench.compare("sum", (&year, &[], &[]), &[value(&[])], Some(plain_sum))?;
    bench.compare("median", (&year, &[], &[]), &[value(&[50.0])], None)?;
    bench.compare("SLA overview, two channels", (&year, &channels, &by_metric), &outcomes, None)?;
    bench.compare("count by agent", (&year, &[], &agent), &[count(&[])], Some(plain_agents))?;
    bench.compare("sum by agent", (&year, &[], &agent), &[value(&[])], None)?;
    bench.compare("median by agent", (&year, &[], &agent), &[value(&[50.0])], None)?;
    let days = bench.window(365, Some(Grain::Day))?;
    bench.compare("SLA overview by day", (&days, &[], &by_metric), &outcomes, None)?;
    bench.compare("sum by agent and day", (&days, &[], &agent), &[value(&[])], None)?;
    let hour = [GroupBy::Attribute(FilterAttribute::HourOfDay)];
    bench.compare("count by hour of day", (&year, &[], &hour), &[count(&[])], None)?;
    let month = bench.window(30, None)?;
    bench.compare("SLA overview of 30 days", (&month, &channels, &by_metric), &outcomes, None)?;
    let cases = Measured { rows: Vec::new(), value: Value::Cases, percentiles: Vec::new() };
    bench.compare("cases by metric", (&year, &[], &by_metric), &[cases], None)?;
    bench.page(&year)
}

type Plain = fn(&Bench, i64, i64) -> u64;

struct Bench {
    zone: Zone,
    start: Instant,
    snapshot: Snapshot,
    clocks: Vec<Clock>,
}

impl Bench {
    fn window(&self, days: i64, grain: Option<Grain>) -> Result<Window> {
        let until = self.start.plus_ms(365 * Instant::DAY_MS);
        let span = Span { from: until.plus_ms(-days * Instant::DAY_MS), until };
        let Some(grain) = grain else { return Ok(Window::Spans([span].into())) };
        let buckets = buckets(span, grain, &self.zone).ok_or("too many buckets")?;
        Ok(Window::Spans(buckets.iter().map(|bucket| bucket.span).collect()))
    }

    fn selection(&self, window: &Window, filters: &[Arc<Filter>]) -> Selection {
        Selection {
            placed: Placed::At("created_at"),
            window: window.clone(),
            filters: filters.to_vec(),
            visible_teams: None,
            credit: Credit::Then { agent: "agent", team: "team", queue: "team" },
            zone: self.zone.clone(),
            now: self.start.plus_ms(360 * Instant::DAY_MS),
        }
    }

    fn compare(
        &self,
        name: &str,
        (window, filters, group_by): (&Window, &[Arc<Filter>], &[GroupBy]),
        measures: &[Measured],
        plain: Option<Plain>,
    ) -> Result<()> {
        let selection = self.selection(window, filters);
        let block = Block { selection, group_by: group_by.to_vec(), measures: measures.to_vec() };
        let scan = Scan { kind: RecordKind::SlaClock, blocks: vec![block] };
        let limits = Limits::default();
        let mut rows = 0;
        let own = median(|| {
            rows = self.snapshot.run(&scan, &limits).map(|ran| black_box(ran).stats.rows).unwrap_or_default();
        });
        let (from, until) = (self.start.ms(), self.start.plus_ms(365 * Instant::DAY_MS).ms());
        let plain = plain.map(|plain| {
            median(|| {
                black_box(plain(self, from, until));
            })
        });
        let compared = plain.map_or("| |".into(), |plain| format!("| {:.2} | {:.1}", plain * 1e3, plain / own));
        println!("| {name} | {rows} | {:.2} | {:.2} {compared} |", own * 1e3, own * 1e9 / rows as f64);
        Ok(())
    }

    fn page(&self, window: &Window) -> Result<()> {
        let selection = self.selection(window, &[]);
        let of = RowsOf {
            kind: RecordKind::SlaClock,
            selection: &selection,
            rows: &[],
            value: &Value::Column("counted"),
            is_newest_first: true,
            after: None,
            limit: 50,
        };
        let limits = Limits::default();
        let own = median(|| drop(black_box(self.snapshot.rows(&of, &limits))));
        println!(
            "| 50 rows | {} | {:.2} | {:.2} | | |",
            self.clocks.len(),
            own * 1e3,
            own * 1e9 / self.clocks.len() as f64
        );
        Ok(())
    }
}

fn median(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Moment::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

fn overview(bench: &Bench, from: i64, until: i64) -> u64 {
    let now = bench.start.plus_ms(360 * Instant::DAY_MS).ms();
    let (mut counts, mut values) = ([[0_u64; 4]; 16], vec![Vec::new(); 16]);
    for clock in bench.clocks.iter().filter(|clock| from <= clock.created_at && clock.created_at < until) {
        let counts = &mut counts[clock.metric as usize];
        counts[0] += u64::from(clock.is_completed && clock.is_fulfilled);
        counts[1] += u64::from(clock.is_completed && !clock.is_fulfilled);
        counts[2] += u64::from(!clock.is_completed && clock.due_at.is_some_and(|due| due < now));
        counts[3] += u64::from(!clock.is_completed);
        values[clock.metric as usize].extend(clock.counted);
    }
    for values in values.iter_mut().filter(|values| !values.is_empty()) {
        values.sort_unstable();
        counts[0][0] += [50, 90, 95].map(|p| values[values.len() * p / 100]).iter().sum::<i64>() as u64;
    }
    counts.iter().flatten().sum()
}

fn plain_count(bench: &Bench, from: i64, until: i64) -> u64 {
    bench.clocks.iter().filter(|clock| from <= clock.created_at && clock.created_at < until).count() as u64
}

fn plain_sum(bench: &Bench, from: i64, until: i64) -> u64 {
    let rows = bench.clocks.iter().filter(|clock| from <= clock.created_at && clock.created_at < until);
    rows.filter_map(|clock| clock.counted).sum::<i64>() as u64
}

fn plain_agents(bench: &Bench, from: i64, until: i64) -> u64 {
    let mut counts = vec![0_u64; 1_000];
    let rows = bench.clocks.iter().filter(|clock| from <= clock.created_at && clock.created_at < until);
    rows.for_each(|clock| counts[clock.agent as usize] += 1);
    counts.iter().max().copied().unwrap_or_default()
}

fn clocks(cases: usize, start: i64, dictionaries: &Dictionaries) -> Vec<Clock> {
    let random = &mut ChaCha8Rng::seed_from_u64(1);
    let numbered = |domain: Domain, count: usize| -> Vec<u32> {
        let of = dictionaries.of(domain);
        (0..count).map(|number| of.code(Some(&format!("{domain:?}{number}").to_lowercase()))).collect()
    };
    let (agents, teams) = (numbered(Domain::Agent, 300), numbered(Domain::Team, 12));
    let policies = numbered(Domain::SlaPolicy, 4);
    numbered(Domain::Channel, 6);
    let metrics = METRICS.map(|metric| dictionaries.of(Domain::Word).code(Some(metric)));
    let mut times: Vec<i64> = (0..cases).map(|_| start + random.random_range(0..365 * Instant::DAY_MS)).collect();
    times.sort_unstable();
    let clock = |(slot, created_at): (usize, i64), place: usize, random: &mut ChaCha8Rng| {
        let goal = [3_600_000, 7_200_000, 86_400_000][place];
        let is_completed = random.random_bool(0.9);
        let counted = (-(random.random_range(1e-6..1.0_f64)).ln() * goal as f64 * 0.6) as i64;
        Clock {
            created_at,
            slot: slot as u32,
            metric: metrics[place],
            policy: policies[slot % 4],
            agent: agents[random.random_range(0..agents.len())],
            team: teams[slot % 12],
            is_completed,
            is_fulfilled: is_completed && counted <= goal,
            due_at: random.random_bool(0.95).then(|| created_at + goal + random.random_range(0..86_400_000)),
            counted: is_completed.then_some(counted),
        }
    };
    times.into_iter().enumerate().flat_map(|case| [0, 1, 2].map(|place| clock(case, place, random))).collect()
}

fn snapshot(clocks: &[Clock], dictionaries: Arc<Dictionaries>) -> Snapshot {
    let codes =
        |of: fn(&Clock) -> u32, clocks: &[Clock]| Column::Codes(Codes::of(&clocks.iter().map(of).collect::<Vec<_>>()));
    let numbers = |of: fn(&Clock) -> Option<i64>, clocks: &[Clock]| {
        Column::Numbers(Numbers::of(&clocks.iter().map(of).collect::<Vec<_>>()))
    };
    let chunk = |clocks: &[Clock]| Live {
        chunk: Arc::new(Chunk {
            time: Numbers::of(&clocks.iter().map(|clock| Some(clock.created_at)).collect::<Vec<_>>()),
            slots: clocks.iter().map(|clock| clock.slot).collect(),
            ordinals: (0..clocks.len()).map(|row| (row % 3) as u16).collect(),
            columns: vec![
                codes(|clock| clock.metric, clocks),
                codes(|clock| clock.policy, clocks),
                Column::Flags(clocks.iter().map(|clock| clock.is_completed).collect()),
                Column::Flags(clocks.iter().map(|clock| clock.is_fulfilled).collect()),
                numbers(|clock| clock.due_at, clocks),
                numbers(|clock| clock.counted, clocks),
                codes(|clock| clock.agent, clocks),
                codes(|clock| clock.team, clocks),
            ],
            dues: Default::default(),
        }),
        dead: None,
    };
    let mut tables: [Table; RecordKind::ALL.len()] = Default::default();
    let chunks = clocks.chunks(CHUNK_ROWS).map(chunk).collect();
    tables[RecordKind::SlaClock as usize] = Table { names: Arc::new(NAMES.to_vec()), chunks };
    let page = |cases: &[Clock]| {
        let some = |attribute: usize| {
            let code = |clock: &Clock| (clock.slot.wrapping_mul(2_654_435_761) >> 16) % 6 + u32::from(attribute == 3);
            Codes::of(&cases.iter().step_by(3).map(code).collect::<Vec<_>>())
        };
        let mut place = 0..ATTRIBUTES.len();
        let attributes = ATTRIBUTES.map(|_| some(place.next().unwrap_or_default()));
        let policies = Codes::of(&vec![0; cases.len() / 3]);
        Arc::new(Page {
            attributes,
            policies,
            created_at: cases.iter().step_by(3).map(|clock| clock.created_at).collect(),
        })
    };
    let pages = clocks.chunks(PAGE * 3).map(page).collect();
    let cases = Cases { pages, len: clocks.len() / 3, tag_sets: Arc::new(vec![Vec::new().into()]), ..Cases::default() };
    let as_of = Instant::from_ms(0);
    Snapshot { serial: 0, revision: 1, as_of, dictionaries, cases, agent_teams: Arc::default(), tables }
}
