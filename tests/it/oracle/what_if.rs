//! What-if: other goals must give what the same events give under policies that have those goals, clock by clock.

use serde_json::{Value, json};

use super::wild;
use crate::world::{World, now};

/// Goals in seconds by metric, and the mode; `None`: as they are.
#[derive(Clone, Copy, Debug, Default)]
struct Goals {
    first_reply: Option<f64>,
    next_reply: Option<f64>,
    resolution: Option<f64>,
    clock: Option<&'static str>,
}

impl Goals {
    /// As the graph takes them.
    fn input(self) -> String {
        let number = |goal: Option<f64>| goal.map_or("null".to_owned(), |goal| goal.to_string());
        format!(
            "{{firstReplySeconds: {}, nextReplySeconds: {}, resolutionSeconds: {}, clock: {}}}",
            number(self.first_reply),
            number(self.next_reply),
            number(self.resolution),
            self.clock.map_or("null".to_owned(), str::to_uppercase)
        )
    }

    /// A line with the goals of its policy replaced.
    fn replace(self, line: &str) -> String {
        let mut line: Value = serde_json::from_str(line).unwrap();
        if line["type"] == "sla_policy" {
            for target in line["targets"].as_array_mut().unwrap() {
                let goal = match target["metric"].as_str().unwrap() {
                    "first_reply" => self.first_reply,
                    "next_reply" => self.next_reply,
                    _ => self.resolution,
                };
                if let Some(goal) = goal {
                    target["goal_seconds"] = json!(goal);
                }
                if let Some(clock) = self.clock {
                    target["clock"] = json!(clock);
                }
            }
        }
        line.to_string()
    }
}

async fn world(lines: &[String]) -> World {
    let world = World::new().await;
    for part in lines.chunks(5_000) {
        let report = world.ingest(&part.join("\n")).await;
        assert_eq!(report["rejected"], json!([]));
    }
    world
}

const FIGURES: &str = "
    totalCases slaCases
    compliance {
        overall
        firstReply { fulfilled breached completedAfterBreach active rate }
        nextReply { fulfilled breached completedAfterBreach active rate }
        resolution { fulfilled breached completedAfterBreach active rate }
    }
    percentiles { firstReply { p50 p90 } nextReply { p50 p(p: 12.5) } resolution { p50 p95 } }
    first: goalFor(metric: FIRST_REPLY, percentage: 80)
    next: goalFor(metric: NEXT_REPLY, percentage: 50)
    resolution: goalFor(metric: RESOLUTION, percentage: 33.3)
    clocks(first: 1) { totalCount }
    late: clocks(state: [BREACHED, COMPLETED_AFTER_BREACH], metric: [FIRST_REPLY, RESOLUTION]) { totalCount }";

/// The figures, also by channel and of an earlier span; `wrap` puts a selection under a what-if.
async fn figures(world: &World, wrap: impl Fn(&str) -> String) -> Value {
    let inner = wrap(&format!(
        "{FIGURES}
         by(dimension: CHANNEL) {{ key {{ value }} analytics {{ {FIGURES} }} }}
         previous {{ {FIGURES} }}"
    ));
    let period = r#"{interval: {from: "2026-04-01T00:00:00Z", until: "2026-07-01T00:00:00Z"}}"#;
    let body = world.ask(&format!("{{ slaAnalytics(period: {period}) {{ {inner} }} }}")).await;
    assert!(body["errors"].is_null(), "{body}");
    let mut found = body["data"]["slaAnalytics"].clone();
    if let Some(under) = found.get("whatIf") {
        found = under.clone();
    }
    found
}

#[tokio::test]
async fn a_what_if_is_what_policies_with_those_goals_give() {
    let lines: Vec<String> = wild::lines(5, 250, false, now()).lines().map(str::to_owned).collect();
    let before = world(&lines).await;
    let in_force = figures(&before, str::to_owned).await;
    let all = |goal: f64| (Some(goal), Some(goal), Some(goal));
    let cases = [
        Goals::default(),
        Goals { first_reply: Some(600.0), next_reply: Some(1_200.5), resolution: Some(7_200.0), clock: None },
        Goals { resolution: Some(36_000.0), clock: Some("business"), ..Goals::default() },
        Goals { clock: Some("calendar"), ..Goals::default() },
        Goals { clock: Some("business"), ..Goals::default() },
        Goals { first_reply: all(60.0).0, next_reply: all(60.0).1, resolution: all(60.0).2, clock: Some("business") },
        Goals { first_reply: all(86_400.0).0, next_reply: all(86_400.0).1, resolution: all(864_000.0).2, clock: None },
    ];
    let mut differ = 0;
    for goals in cases {
        let supposed = figures(&before, |inner| format!("whatIf(goals: {}) {{ {inner} }}", goals.input())).await;
        let replaced: Vec<String> = lines.iter().map(|line| goals.replace(line)).collect();
        let given = figures(&world(&replaced).await, str::to_owned).await;
        assert_eq!(supposed, given, "{goals:?}");
        differ += usize::from(supposed != in_force);
    }
    assert!(differ > 4, "{differ}");
    assert_ne!(in_force["compliance"]["nextReply"]["active"], "0", "{in_force}");
}

#[tokio::test]
async fn a_what_if_within_another_keeps_what_it_leaves_open() {
    let lines: Vec<String> = wild::lines(6, 80, false, now()).lines().map(str::to_owned).collect();
    let world = world(&lines).await;
    let both = "{firstReplySeconds: 300, resolutionSeconds: 9000, clock: CALENDAR}";
    let whole = figures(&world, |inner| format!("whatIf(goals: {both}) {{ {inner} }}")).await;
    let nested = figures(&world, |inner| {
        format!(
            "whatIf(goals: {{firstReplySeconds: 300, clock: BUSINESS}}) {{
                whatIf(goals: {{resolutionSeconds: 9000, clock: CALENDAR}}) {{ {inner} }} }}"
        )
    })
    .await;
    assert_eq!(nested["whatIf"], whole);
}

#[tokio::test]
async fn a_goal_that_is_none_is_refused_by_name() {
    let world = World::new().await;
    world.ingest(r#"{"type":"workspace","id":"acme","name":"Acme","timezone":"UTC"}"#).await;
    for goal in ["-1", "1e300", "432000001"] {
        let query = format!("{{ slaAnalytics {{ whatIf(goals: {{nextReplySeconds: {goal}}}) {{ slaCases }} }} }}");
        let body = world.ask(&query).await;
        assert!(body["errors"][0]["message"].as_str().unwrap().contains("goals.nextReplySeconds"), "{body}");
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
    }
}
