//! Rocket.Chat's agent overview and overview: conformance cases from its tests, the forms of its answers, and what we do otherwise.

use deskgraph::model::Role;
use serde_json::{Value, json};

use super::{Header, encoded, get, graph, names_in_order};
use crate::analytics::conformance::repliers;
use crate::analytics::questions::demo;
use crate::analytics::{Chat, Chats};
use crate::world::{WORKSPACE, World};

const AGENTS: &str = "/api/v1/livechat/analytics/agent-overview";
const OVERVIEW: &str = "/api/v1/livechat/analytics/overview";
const NAMES: [&str; 7] = [
    "Total_conversations",
    "Avg_chat_duration",
    "Total_messages",
    "Avg_first_response_time",
    "Best_first_response_time",
    "Avg_response_time",
    "Avg_reaction_time",
];
/// The day of all chats.
const DAY: &str = "from=2026-05-20T00:00:00.000Z&to=2026-05-20T23:59:59.999Z";

fn user(world: &World, role: Role) -> Vec<Header> {
    vec![("x-auth-token", world.token(role)), ("x-user-id", "kim".to_owned())]
}

async fn ask(world: &World, path: &str, parameters: &str) -> Value {
    let answer = get(world, &format!("{path}?{parameters}"), &user(world, Role::Manager)).await;
    assert_eq!(answer.status, 200, "{parameters}: {}", answer.text());
    answer.json()
}

async fn data(world: &World, name: &str) -> Value {
    ask(world, AGENTS, &format!("name={name}&{DAY}")).await["data"].clone()
}

fn rows(expected: &[(&str, Value)]) -> Value {
    expected.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn served(agents: &[&'static str]) -> Chats {
    let mut chats = Chats::default();
    for agent in agents {
        chats.add(Chat { assignee: Some(agent), ..Chat::default() });
    }
    chats
}

#[tokio::test]
async fn rc1_who_may_not_is_told_so() {
    let world = World::new().await;
    let login = json!({"status": "error", "message": "You must be logged in to do this."});
    let forbidden = json!({
        "success": false,
        "error": "User does not have the permissions required for this action [error-unauthorized]",
    });
    for path in [AGENTS, OVERVIEW] {
        let check = async |headers: &[Header], status: u16, body: &Value| {
            // Without parameters, which are looked at later.
            let answer = get(&world, path, headers).await;
            assert_eq!((answer.status.as_u16(), &answer.json()), (status, body), "{path} {headers:?}");
        };
        let token = || ("x-auth-token", world.token(Role::Manager));
        check(&[], 401, &login).await;
        check(&[token()], 401, &login).await;
        check(&[("x-user-id", "kim".to_owned())], 401, &login).await;
        check(&[token(), ("x-user-id", "lee".to_owned())], 401, &login).await;
        check(&[("x-auth-token", "nonsense".to_owned()), ("x-user-id", "kim".to_owned())], 401, &login).await;
        check(&[("authorization", format!("Bearer {}", world.token(Role::Manager)))], 401, &login).await;
        check(&user(&world, Role::Agent), 403, &forbidden).await;
    }
}

#[tokio::test]
async fn rc2_and_the_other_wrong_parameters() {
    let world = World::new().await;
    for path in [AGENTS, OVERVIEW] {
        let check = async |parameters: &str, error: &str, kind: Value| {
            let answer = get(&world, &format!("{path}?{parameters}"), &user(&world, Role::Manager)).await;
            let mut expected = json!({"success": false, "error": error});
            if !kind.is_null() {
                expected["errorType"] = kind;
            }
            assert_eq!((answer.status.as_u16(), answer.json()), (400, expected), "{parameters}");
        };
        let missing = |name: &str| format!("must have required property '{name}' [invalid-params]");
        let invalid = json!("invalid-params");
        check("", &missing("name"), invalid.clone()).await;
        check("name=Total_messages&to=2026-05-20", &missing("from"), invalid.clone()).await;
        check("name=Total_messages&from=2026-05-20", &missing("to"), invalid.clone()).await;
        let more = format!("name=Total_messages&{DAY}&offset=1");
        check(&more, "must NOT have additional properties [invalid-params]", invalid.clone()).await;
        let twice = format!("name=Total_messages&{DAY}&name=x");
        check(&twice, "must have property 'name' once [invalid-params]", invalid.clone()).await;
        check(&format!("name=&{DAY}"), "invalid-chart-name", Value::Null).await;
    }
}

#[tokio::test]
async fn rc3_an_unknown_name_or_date_is_a_success_and_nothing_else() {
    let world = World::new().await;
    let nothing = json!({"success": true});
    for path in [AGENTS, OVERVIEW] {
        assert_eq!(ask(&world, path, &format!("name=Invalid&{DAY}")).await, nothing);
    }
    for dates in ["from=yesterday&to=2026-05-20", "from=2026-05-20&to=2026-13-01", "from=&to=", "from=2026-05-2é&to=x"]
    {
        let dates = dates.replace('é', "%C3%A9");
        assert_eq!(ask(&world, AGENTS, &format!("name=Total_messages&{dates}")).await, nothing, "{dates}");
        assert_eq!(ask(&world, OVERVIEW, &format!("name=Conversations&{dates}")).await, nothing, "{dates}");
    }
}

#[tokio::test]
async fn rc4_rc11_a_window_without_rooms() {
    let world = World::new().await;
    let days = "from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z";
    for name in NAMES {
        let header = if name == NAMES[0] { "%_of_conversations" } else { name };
        let expected = json!({"head": [{"name": "Agent"}, {"name": header}], "data": [], "success": true});
        assert_eq!(ask(&world, AGENTS, &format!("name={name}&{days}")).await, expected);
        let turned = "from=2020-01-02&to=2020-01-01";
        assert_eq!(ask(&world, AGENTS, &format!("name={name}&{turned}")).await, expected);
    }
    let conversations = json!([
        {"title": "Total_conversations", "value": 0},
        {"title": "Open_conversations", "value": 0},
        {"title": "On_Hold_conversations", "value": 0},
        {"title": "Total_messages", "value": 0},
        {"title": "Busiest_day", "value": "-"},
        {"title": "Conversations_per_day", "value": "0.00"},
        {"title": "Busiest_time", "value": "-"},
    ]);
    assert_eq!(ask(&world, OVERVIEW, &format!("name=Conversations&{days}")).await, conversations);
    let titles = ["Avg_response_time", "Avg_first_response_time", "Avg_reaction_time"];
    let productivity: Value = titles.iter().map(|title| json!({"title": title, "value": "00:00:00"})).collect();
    assert_eq!(ask(&world, OVERVIEW, &format!("name=Productivity&{days}")).await, productivity);
}

#[tokio::test]
async fn rc5_rc6_rc20_shares_are_of_served_rooms_created_in_the_window() {
    let world = served(&["a1", "a1", "a2", "a2", "a2", "a2", "a2"]).world().await;
    let expected = rows(&[("a2", json!("71.43%")), ("a1", json!("28.57%"))]);
    assert_eq!(data(&world, "Total_conversations").await, expected);
    for name in NAMES {
        let before = ask(&world, AGENTS, &format!("name={name}&from=2026-05-19&to=2026-05-19")).await;
        assert_eq!(before["data"], json!([]), "{name}");
    }
    let world = served(&["a1", "a2"]).world().await;
    assert_eq!(data(&world, NAMES[0]).await, rows(&[("a1", json!("50.00%")), ("a2", json!("50.00%"))]));
    let world = served(&["a1", "a2", "a1"]).add(Chat::default()).world().await;
    assert_eq!(data(&world, NAMES[0]).await, rows(&[("a1", json!("66.67%")), ("a2", json!("33.33%"))]));
    assert_eq!(data(&Chats::default().add(Chat::default()).world().await, NAMES[0]).await, json!([]));
}

#[tokio::test]
async fn rc12_to_rc14_only_human_replies_are_first_responses() {
    let world = repliers().world().await;
    for name in ["Avg_first_response_time", "Best_first_response_time"] {
        assert_eq!(data(&world, name).await, rows(&[("a2", json!("00:00:04"))]), "{name}");
    }
}

#[tokio::test]
async fn rc21_chat_durations_are_means_of_closed_rooms() {
    let mut chats = Chats::default();
    for (agent, seconds) in [("a1", 100), ("a2", 200), ("a1", 200)] {
        chats.add(Chat { assignee: Some(agent), closed_after: Some(seconds), ..Chat::default() });
    }
    chats.add(Chat { assignee: Some("a1"), ..Chat::default() });
    // The largest first.
    let expected = rows(&[("a2", json!("00:03:20")), ("a1", json!("00:02:30"))]);
    assert_eq!(data(&chats.world().await, "Avg_chat_duration").await, expected);
}

#[tokio::test]
async fn rc22_messages_are_numbers() {
    let mut chats = Chats::default();
    for (agent, messages) in [(Some("a1"), 10), (Some("a2"), 20), (Some("a1"), 20), (None, 5)] {
        chats.add(Chat { assignee: agent, messages, ..Chat::default() });
    }
    let expected = rows(&[("a1", json!(30)), ("a2", json!(20))]);
    assert_eq!(data(&chats.world().await, "Total_messages").await, expected);
}

#[tokio::test]
async fn rc23_rc24_first_responses_are_the_responders() {
    let mut chats = Chats::default();
    for (served_by, responder, seconds) in [("a9", "r1", 100), ("r1", "r2", 200), ("a9", "r1", 200)] {
        chats.add(Chat { assignee: Some(served_by), reply: Some((responder, seconds)), ..Chat::default() });
    }
    chats.add(Chat { assignee: Some("a8"), ..Chat::default() });
    let world = chats.world().await;
    let expected = rows(&[("r1", json!("00:02:30")), ("r2", json!("00:03:20"))]);
    assert_eq!(data(&world, "Avg_first_response_time").await, expected);
    let expected = rows(&[("r1", json!("00:01:40")), ("r2", json!("00:03:20"))]);
    assert_eq!(data(&world, "Best_first_response_time").await, expected);
}

#[tokio::test]
async fn lengths_of_time_are_in_their_true_order() {
    let mut chats = Chats::default();
    for (agent, seconds) in [("a1", 100), ("a2", 200), ("a3", 50), ("a4", 150), ("a5", 250), ("a6", 4_000)] {
        chats.add(Chat { assignee: Some(agent), reply: Some((agent, seconds)), ..Chat::default() });
    }
    let found = data(&chats.world().await, "Best_first_response_time").await;
    let names: Vec<&str> = found.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a3", "a1", "a4", "a2", "a5", "a6"]);
}

#[tokio::test]
async fn the_sample_has_its_names_and_usernames() {
    let mut chats = served(&["a1"]);
    chats.line(r#"{"type":"agent","id":"a1","name":"Kim Olsen","username":"kim"}"#);
    let world = chats.world().await;
    let answer = get(&world, &format!("{AGENTS}?name=Total_messages&{DAY}"), &user(&world, Role::Manager)).await;
    // A room without messages is worth none, where Rocket.Chat says one.
    let expected = json!({"head": [{"name": "Agent"}, {"name": "Total_messages"}], "data": [{"name": "kim", "value": 0}], "success": true});
    assert_eq!(answer.json(), expected);
    assert_eq!(names_in_order(&answer.text()), ["head", "name", "name", "data", "name", "value", "success"]);
}

/// Rooms on two days: on 19 May (a Tuesday) one with three messages at 22:10 UTC and one on hold, on 20 May (a Wednesday) two with one
/// and two messages, at 09:00 and 10:00.
fn two_days() -> Chats {
    let mut chats = Chats::default();
    let mut room = |id: &str, at: &str, messages: usize, status: Option<&str>| {
        chats.line(&format!(
            r#"{{"type":"case","id":"{id}","created_at":"{at}","channel":"web","requester":"cu1","team":"t1"}}"#
        ));
        for place in 0..messages {
            let author = if place == 0 { r#"{"kind":"customer","id":"cu1"}"# } else { r#"{"kind":"agent","id":"a1"}"# };
            chats.line(&format!(
                r#"{{"type":"message","case":"{id}","id":"{id}m{place}","at":"2026-05-21T0{place}:00:00Z","author":{author}}}"#
            ));
        }
        if let Some(status) = status {
            chats.line(&format!(
                r#"{{"type":"status_change","case":"{id}","at":"2026-05-21T12:00:00Z","status":"{status}","actor":{{"kind":"agent","id":"a1"}}}}"#
            ));
        }
    };
    room("r1", "2026-05-19T22:10:00Z", 3, None);
    room("r2", "2026-05-19T10:00:00Z", 0, Some("on_hold"));
    room("r3", "2026-05-20T09:30:00Z", 1, Some("closed"));
    room("r4", "2026-05-20T10:59:00Z", 2, Some("resolved"));
    chats.line(r#"{"type":"message","case":"r3","id":"n","at":"2026-05-21T05:00:00Z","author":{"kind":"agent","id":"a1"},"visibility":"internal"}"#);
    chats
}

async fn conversations(world: &World, parameters: &str) -> Vec<Value> {
    let figures = ask(world, OVERVIEW, &format!("name=Conversations&{parameters}")).await;
    figures.as_array().unwrap().iter().map(|figure| figure["value"].clone()).collect()
}

#[tokio::test]
async fn the_overview_counts_rooms_and_messages() {
    let world = two_days().world().await;
    let both = "from=2026-05-19&to=2026-05-20";
    // Of days with as many messages the earlier one is the busiest.
    let expected = [json!(4), json!(1), json!(1), json!(6), json!("Tuesday"), json!("2.00"), json!("10PM - 11PM")];
    assert_eq!(conversations(&world, both).await, expected);
    let expected = [json!(2), json!(0), json!(0), json!(3), json!("Wednesday"), json!("2.00"), json!("10AM - 11AM")];
    assert_eq!(conversations(&world, "from=2026-05-20&to=2026-05-20").await, expected);
    assert_eq!(conversations(&world, "from=2026-05-18&to=2026-05-20").await[5], "1.33");
    // Without a department, with the rooms' own, and with another.
    for (department, total) in [("undefined", 4), ("t1", 4), ("t2", 0), ("00000000-0000-0000-0000-000000000000", 0)] {
        assert_eq!(conversations(&world, &format!("{both}&departmentId={department}")).await[0], total, "{department}");
    }
}

#[tokio::test]
async fn days_and_hours_are_those_of_the_workspaces_zone() {
    let mut chats = two_days();
    chats.line(r#"{"type":"workspace","name":"Acme","timezone":"Europe/Copenhagen"}"#);
    let world = chats.world().await;
    // 22:10 UTC is 00:10 on the 20th there.
    let found = conversations(&world, "from=2026-05-20&to=2026-05-20").await;
    assert_eq!((&found[0], &found[4], &found[6]), (&json!(3), &json!("Wednesday"), &json!("12AM - 1AM")));
}

#[tokio::test]
async fn productivity_is_over_rooms_with_response_and_reaction() {
    let mut chats = Chats::default();
    for (agent, seconds) in [(Some("a1"), 100), (Some("a1"), 200), (None, 1_000)] {
        chats.add(Chat { assignee: agent, reply: Some(("a1", seconds)), ..Chat::default() });
    }
    let world = chats.world().await;
    let found = ask(&world, OVERVIEW, &format!("name=Productivity&{DAY}")).await;
    let values: Vec<&Value> = found.as_array().unwrap().iter().map(|figure| &figure["value"]).collect();
    // The third was nobody's when it was replied to.
    assert_eq!(values[1..], ["00:02:30", "00:02:30"], "{found}");
}

#[tokio::test]
async fn a_token_of_some_teams_sees_their_rooms_only() {
    let mut chats = two_days();
    chats.line(r#"{"type":"case","id":"r9","created_at":"2026-05-20T09:00:00Z","channel":"web","requester":"cu1","team":"t2","assignee":"a1"}"#);
    let world = chats.world().await;
    let token = world.token_for(WORKSPACE, Role::Manager, Some(&["t2"]));
    let headers = [("x-auth-token", token), ("x-user-id", "kim".to_owned())];
    let answer = get(&world, &format!("{OVERVIEW}?name=Conversations&from=2026-05-01&to=2026-05-31"), &headers).await;
    assert_eq!(answer.json()[0]["value"], 1);
}

#[tokio::test]
async fn numbers_are_those_of_the_graph() {
    let world = demo().await;
    let zone = graph(&world, "{ viewer { workspace { timezone } } }").await["viewer"]["workspace"]["timezone"].clone();
    let teams = graph(&world, "{ teams(first: 2) { edges { node { externalId } } } }").await;
    let mut filters = vec![(String::new(), "{}".to_owned())];
    for team in teams["teams"]["edges"].as_array().unwrap() {
        let id = team["node"]["externalId"].as_str().unwrap();
        filters.push((format!("&departmentId={}", encoded(id)), format!("{{team: [\"{id}\"]}}")));
    }
    let measures = [
        "CASE_SHARE",
        "AVERAGE_CHAT_DURATION",
        "MESSAGES",
        "AVERAGE_FIRST_RESPONSE_TIME",
        "BEST_FIRST_RESPONSE_TIME",
        "AVERAGE_RESPONSE_TIME",
        "AVERAGE_REACTION_TIME",
    ];
    let day = |date: &str| {
        let date: jiff::civil::Date = date.parse().unwrap();
        let zone = jiff::tz::TimeZone::get(zone.as_str().unwrap()).unwrap();
        date.to_zoned(zone).unwrap().timestamp().to_string()
    };
    for (from, to, after) in [("2026-05-01", "2026-05-31", "2026-06-01"), ("2026-03-28", "2026-03-29", "2026-03-30")] {
        let period = format!("period: {{interval: {{from: \"{}\", until: \"{}\"}}}}", day(from), day(after));
        for (parameter, filter) in &filters {
            for (name, measure) in NAMES.iter().zip(measures) {
                let theirs = ask(&world, AGENTS, &format!("name={name}&from={from}&to={to}{parameter}")).await;
                let query = format!(
                    "{{ agentOverview(measure: {measure}, {period}, filter: {filter}) {{ rows {{ agent {{ name username }} value }} }} }}"
                );
                let ours = graph(&world, &query).await["agentOverview"]["rows"].clone();
                let (theirs, ours) = (theirs["data"].as_array().unwrap(), ours.as_array().unwrap());
                assert_eq!(theirs.len(), ours.len(), "{query}");
                for (theirs, ours) in theirs.iter().zip(ours) {
                    let value = number(&theirs["value"]);
                    // Whole seconds and two decimals.
                    let tolerance = if theirs["value"].to_string().contains(':') { 0.51 } else { 0.006 };
                    assert!((value - ours["value"].as_f64().unwrap()).abs() < tolerance, "{query}: {theirs} {ours}");
                }
            }
            let created = format!("{{ metrics({period}, filter: {filter}) {{ createdCases {{ count }} }} }}");
            let total = graph(&world, &created).await["metrics"]["createdCases"]["count"].clone();
            assert_eq!(conversations(&world, &format!("from={from}&to={to}{parameter}")).await[0], total, "{created}");
        }
    }
}

/// The number that a value stands for.
fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) if text.ends_with('%') => text.trim_end_matches('%').parse().unwrap(),
        Value::String(text) => text.split(':').fold(0.0, |sum, part| sum * 60.0 + part.parse::<f64>().unwrap()),
        other => other.as_f64().unwrap(),
    }
}
