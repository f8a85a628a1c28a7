//! What tests and samples of the unified systems say of small worlds (SEMANTICS 9).

use serde_json::{Value, json};

use super::{Chat, Chats, ask, get};
use crate::world::World;

const PERIOD: &str = r#"period: {interval: {from: "2026-05-20T00:00:00Z", until: "2026-05-21T00:00:00Z"}}"#;

/// The rows of an agent overview: agent and value, to two decimals.
async fn overview(world: &World, measure: &str) -> Vec<(String, f64)> {
    let query =
        format!("{{ agentOverview(measure: {measure}, {PERIOD}) {{ rows {{ agent {{ externalId }} value }} }} }}");
    let data = ask(world, &query).await;
    let row = |row: &Value| {
        let value = row["value"].as_f64().unwrap();
        (row["agent"]["externalId"].as_str().unwrap().to_owned(), (value * 100.0).round() / 100.0)
    };
    get(&data, "agentOverview.rows").as_array().unwrap().iter().map(row).collect()
}

fn rows(expected: &[(&str, f64)]) -> Vec<(String, f64)> {
    expected.iter().map(|(agent, value)| ((*agent).to_owned(), *value)).collect()
}

fn served(agents: &[&'static str]) -> Chats {
    let mut chats = Chats::default();
    for agent in agents {
        chats.add(Chat { assignee: Some(agent), ..Chat::default() });
    }
    chats
}

#[tokio::test]
async fn rc5_and_rc20_shares_are_of_served_cases() {
    let world = served(&["a1", "a1", "a2", "a2", "a2", "a2", "a2"]).world().await;
    assert_eq!(overview(&world, "CASE_SHARE").await, rows(&[("a2", 71.43), ("a1", 28.57)]));
    let world = served(&["a1", "a2"]).world().await;
    assert_eq!(overview(&world, "CASE_SHARE").await, rows(&[("a1", 50.0), ("a2", 50.0)]));
    let world = served(&["a1", "a2", "a1"]).add(Chat::default()).world().await;
    assert_eq!(overview(&world, "CASE_SHARE").await, rows(&[("a1", 66.67), ("a2", 33.33)]));
    let world = Chats::default().add(Chat::default()).world().await;
    assert_eq!(overview(&world, "CASE_SHARE").await, rows(&[]));
}

/// Chats of an agent who did not reply, of one who did after 4 seconds, and of a bot who did after 2.
pub fn repliers() -> Chats {
    let mut chats = Chats::default();
    chats
        .line(r#"{"type":"agent","id":"bot","name":"Bot","kind":"bot"}"#)
        .add(Chat { assignee: Some("a1"), ..Chat::default() })
        .add(Chat { assignee: Some("a2"), reply: Some(("a2", 4)), ..Chat::default() })
        .add(Chat { assignee: Some("bot"), reply: Some(("bot", 2)), ..Chat::default() })
        .line(r#"{"type":"message","case":"c1","id":"s","at":"2026-05-20T09:00:01Z","author":{"kind":"system"}}"#);
    chats
}

#[tokio::test]
async fn rc12_to_rc14_only_human_replies_are_first_responses() {
    let world = repliers().world().await;
    for measure in ["AVERAGE_FIRST_RESPONSE_TIME", "BEST_FIRST_RESPONSE_TIME"] {
        assert_eq!(overview(&world, measure).await, rows(&[("a2", 4.0)]), "{measure}");
    }
}

#[tokio::test]
async fn rc21_chat_durations_are_of_closed_cases() {
    let closed = |agent, seconds| Chat { assignee: Some(agent), closed_after: Some(seconds), ..Chat::default() };
    let mut chats = served(&["a3"]);
    chats.add(closed("a1", 100)).add(closed("a2", 200)).add(closed("a1", 200));
    let world = chats.world().await;
    assert_eq!(overview(&world, "AVERAGE_CHAT_DURATION").await, rows(&[("a2", 200.0), ("a1", 150.0)]));
}

#[tokio::test]
async fn rc22_messages_are_the_cases_of_the_agent() {
    let chat = |agent, messages| Chat { assignee: agent, messages, ..Chat::default() };
    let mut chats = Chats::default();
    chats.add(chat(Some("a1"), 10)).add(chat(Some("a2"), 20)).add(chat(Some("a1"), 20)).add(chat(None, 0));
    let world = chats.world().await;
    assert_eq!(overview(&world, "MESSAGES").await, rows(&[("a1", 30.0), ("a2", 20.0)]));
}

#[tokio::test]
async fn rc23_and_rc24_first_responses_are_the_repliers() {
    let chat = |replier, seconds| Chat { assignee: Some("a9"), reply: Some((replier, seconds)), ..Chat::default() };
    let mut chats = served(&["a9"]);
    chats.add(chat("r1", 100)).add(chat("r2", 200)).add(chat("r1", 200));
    let world = chats.world().await;
    assert_eq!(overview(&world, "AVERAGE_FIRST_RESPONSE_TIME").await, rows(&[("r1", 150.0), ("r2", 200.0)]));
    assert_eq!(overview(&world, "BEST_FIRST_RESPONSE_TIME").await, rows(&[("r1", 100.0), ("r2", 200.0)]));
}

#[tokio::test]
async fn d2_and_d4_shares_and_figures_by_agent() {
    let rated = |score| Chat { score: Some(score), ..Chat::default() };
    let mut chats = Chats::default();
    chats.add(rated(5)).add(rated(4)).add(rated(3)).add(rated(1)).add(rated(5));
    for (place, agent) in ["a1", "a1", "a1", "a2", "a1"].iter().enumerate() {
        chats.line(&format!(
            r#"{{"type":"assignment","case":"c{place}","at":"2026-05-20T10:00:00Z","kind":"assign","agent":"{agent}"}}"#
        ));
    }
    let world = chats.world().await;
    let query = format!(
        "{{ metrics({PERIOD}) {{
            csat {{ percentage numerator denominator sampleSize }}
            assignments {{ count }}
            assignmentsPerAgent {{ sampleSize sum average maximum minimum records {{ totalCount }} }}
        }} }}"
    );
    let data = ask(&world, &query).await;
    assert_eq!(
        data["metrics"],
        json!({
            "csat": {"percentage": 60.0, "numerator": 3, "denominator": 5, "sampleSize": 5},
            "assignments": {"count": 5},
            "assignmentsPerAgent": {
                "sampleSize": 2, "sum": 5.0, "average": 2.5, "maximum": 4.0, "minimum": 1.0, "records": {"totalCount": 5},
            },
        })
    );
}

/// Four cases under a policy that promises a reply in 60 s and a resolution in an hour, and one under none.
fn promised() -> Chats {
    let mut chats = Chats::default();
    chats.line(concat!(
        r#"{"type":"sla_policy","id":"gold","name":"Gold","position":1,"conditions":{"channel":["web"]},"targets":["#,
        r#"{"metric":"first_reply","goal_seconds":60},{"metric":"resolution","goal_seconds":3600}]}"#
    ));
    chats
        .add(Chat { assignee: Some("a1"), reply: Some(("a1", 60)), resolved_after: Some(3_000), ..Chat::default() })
        .add(Chat { assignee: Some("a1"), reply: Some(("a1", 61)), resolved_after: Some(4_000), ..Chat::default() })
        .add(Chat { assignee: Some("a2"), reply: Some(("a2", 30)), ..Chat::default() })
        .add(Chat { assignee: Some("a2"), ..Chat::default() })
        .add(Chat { channel: Some("email"), ..Chat::default() });
    // Created a minute ago: nothing is due.
    chats.line(r#"{"type":"case","id":"young","created_at":"2026-06-01T11:59:30Z","channel":"web","requester":"cu1"}"#);
    chats
}

#[tokio::test]
async fn o1_o2_and_o5_states_sum_and_rates_leave_active_clocks_out() {
    let world = promised().world().await;
    let outcome = "{ fulfilled breached completedAfterBreach active rate }";
    let query = format!(
        "{{ slaAnalytics {{
            totalCases slaCases coverageRate
            compliance {{ overall firstReply {outcome} nextReply {outcome} resolution {outcome} }}
            percentiles {{ firstReply {{ p50 p90 p(p: 100) }} resolution {{ p50 }} nextReply {{ p95 }} }}
            goalFor(metric: FIRST_REPLY, percentage: 100)
            by(dimension: AGENT) {{ key {{ value }} analytics {{ totalCases compliance {{ firstReply {{ fulfilled }} }} }} }}
        }} }}"
    );
    let data = ask(&world, &query).await;
    let analytics = &data["slaAnalytics"];
    assert_eq!((&analytics["totalCases"], &analytics["slaCases"]), (&json!(6), &json!(5)));
    assert!((analytics["coverageRate"].as_f64().unwrap() - 500.0 / 6.0).abs() < 1e-9);
    assert_eq!(
        analytics["compliance"],
        json!({
            "overall": 50.0,
            "firstReply": {"fulfilled": 2, "breached": 1, "completedAfterBreach": 1, "active": 1, "rate": 50.0},
            "nextReply": {"fulfilled": 0, "breached": 0, "completedAfterBreach": 0, "active": 0, "rate": null},
            "resolution": {"fulfilled": 1, "breached": 2, "completedAfterBreach": 1, "active": 1, "rate": 25.0},
        })
        .as_object()
        .map(|object| {
            let mut object = object.clone();
            object.insert("overall".to_owned(), json!(37.5));
            Value::Object(object)
        })
        .unwrap()
    );
    assert_eq!(
        analytics["percentiles"],
        json!({
            "firstReply": {"p50": 60.0, "p90": 60.8, "p": 61.0},
            "resolution": {"p50": 3500.0},
            "nextReply": {"p95": null},
        })
    );
    assert_eq!(analytics["goalFor"], 61.0);
    let groups: Vec<_> =
        analytics["by"].as_array().unwrap().iter().map(|g| (&g["key"]["value"], &g["analytics"])).collect();
    let of = |agent: Value| groups.iter().find(|(key, _)| **key == agent).unwrap().1;
    assert_eq!(of(json!("a1")), &json!({"totalCases": 2, "compliance": {"firstReply": {"fulfilled": 1}}}));
    assert_eq!(of(json!("a2")), &json!({"totalCases": 2, "compliance": {"firstReply": {"fulfilled": 1}}}));
    assert_eq!(of(json!(null)), &json!({"totalCases": 2, "compliance": {"firstReply": {"fulfilled": 0}}}));
}

#[tokio::test]
async fn p1_to_p4_the_front_page() {
    let mut chats = Chats::default();
    for (place, channel) in ["web", "web", "email", "sms", "sms", "sms", "whatsapp"].into_iter().enumerate() {
        let resolved_after = (place < 6).then_some(600);
        let assignee = Some(["a1", "a2", "a3", "a4", "a5", "a6", "a1"][place]);
        chats.add(Chat { channel: Some(channel), assignee, resolved_after, ..Chat::default() });
    }
    chats.add(Chat { assignee: Some("a1"), resolved_after: Some(600), ..Chat::default() });
    // Long before the 30 days.
    chats.line(r#"{"type":"case","id":"old","created_at":"2025-01-01T00:00:00Z","channel":"web"}"#);
    for (agent, status) in [("a1", "available"), ("a2", "away"), ("a3", "offline"), ("a4", "busy")] {
        chats.line(&format!(
            r#"{{"type":"presence","agent":"{agent}","at":"2026-05-30T09:00:00Z","status":"{status}"}}"#
        ));
    }
    let world = chats.world().await;
    let query = "{ overview {
        totalCases activeAgents openCases resolutionRate averageHandleSeconds medianHandleSeconds customerSatisfaction
        channelMix { channel { externalId } percentage cases }
        topAgents { agent { externalId } resolved }
    } }";
    let data = ask(&world, query).await;
    let overview = &data["overview"];
    assert_eq!((&overview["totalCases"], &overview["openCases"]), (&json!(8), &json!(2)));
    assert_eq!((&overview["activeAgents"], &overview["resolutionRate"]), (&json!(3), &json!(87.5)));
    assert_eq!((&overview["averageHandleSeconds"], &overview["medianHandleSeconds"]), (&json!(600.0), &json!(600.0)));
    assert_eq!(overview["customerSatisfaction"], Value::Null);
    let mix = overview["channelMix"].as_array().unwrap();
    let sum: f64 = mix.iter().map(|share| share["percentage"].as_f64().unwrap()).sum();
    assert!((sum - 100.0).abs() < 1e-9, "{mix:?}");
    assert_eq!(mix.len(), 4);
    let top = overview["topAgents"].as_array().unwrap();
    let counts: Vec<i64> = top.iter().map(|of| of["resolved"].as_i64().unwrap()).collect();
    assert_eq!(counts, [2, 1, 1, 1, 1]);
    assert_eq!(get(&top[0], "agent.externalId"), "a1");
}
