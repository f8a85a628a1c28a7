//! open.cx's SLA analytics: conformance cases, samples, and the same numbers as the graph.

use deskgraph::model::Role;
use serde_json::{Value, json};

use super::{assert_near, bearer, encoded, get, graph, names_in_order};
use crate::analytics::questions::demo;
use crate::world::World;

const OVERVIEW: &str = "/sla/analytics";
const BREAKDOWN: &str = "/sla/analytics/breakdown";
const TREND: &str = "/sla/analytics/trend";

/// Four sessions by email under a policy of 60 seconds to the first reply: kept, kept late, missed, still running; one by web without
/// policy. It is 2026-06-01T12:00:00Z.
const WORLD: &str = r#"
{"type":"workspace","name":"Acme","timezone":"America/New_York"}
{"type":"agent","id":"a1","number":7,"name":"Kim"}
{"type":"team","id":"support","name":"Support"}
{"type":"sla_policy","id":"gold","name":"Gold","position":1,"enabled":true,"conditions":{"channel":["email"]},"targets":[{"metric":"first_reply","goal_seconds":60,"clock":"calendar"}]}
{"type":"case","id":"c1","created_at":"2026-05-20T09:00:00Z","channel":"email","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"assignee":"a1","team":"support"}
{"type":"message","case":"c1","id":"m1","at":"2026-05-20T09:00:30Z","author":{"kind":"agent","id":"a1"}}
{"type":"case","id":"c2","created_at":"2026-05-20T09:00:00Z","channel":"email","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"assignee":"a1","team":"support"}
{"type":"message","case":"c2","id":"m2","at":"2026-05-20T09:02:00Z","author":{"kind":"agent","id":"a1"}}
{"type":"case","id":"c3","created_at":"2026-05-21T09:00:00Z","channel":"email","requester":"cu1","creator":{"kind":"customer","id":"cu1"}}
{"type":"case","id":"c4","created_at":"2026-06-01T11:59:30Z","channel":"email","requester":"cu1","creator":{"kind":"customer","id":"cu1"}}
{"type":"case","id":"c5","created_at":"2026-05-21T09:00:00Z","channel":"web","requester":"cu1","creator":{"kind":"customer","id":"cu1"}}
"#;

async fn world() -> World {
    let world = World::new().await;
    assert_eq!(world.ingest(WORLD.trim_start()).await["rejected"], json!([]));
    world
}

async fn ask(world: &World, path: &str) -> Value {
    let answer = get(world, path, &[bearer(world, Role::Manager)]).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn outcome(fulfilled: u64, breached: u64, late: u64, active: u64, rate: f64) -> Value {
    json!({"fulfilled": fulfilled, "breached": breached, "completed_after_breach": late, "active": active, "rate": rate})
}

#[tokio::test]
async fn the_overview_is_its_sample_field_for_field() {
    let world = world().await;
    let answer = get(&world, OVERVIEW, &[bearer(&world, Role::Manager)]).await;
    let rate = 100.0 / 3.0;
    let none = json!({"p50": 0.0, "p90": 0.0, "p95": 0.0});
    let expected = json!({
        "coverage_rate": 80.0,
        "total_sessions": 5,
        "sla_sessions": 4,
        "compliance": {
            "overall": rate,
            "first_reply": outcome(1, 1, 1, 1, rate),
            "next_reply": outcome(0, 0, 0, 0, 0.0),
            "resolution": outcome(0, 0, 0, 0, 0.0),
        },
        "percentiles": {"first_reply": {"p50": 75.0, "p90": 111.0, "p95": 115.5}, "next_reply": none, "resolution": none},
    });
    assert_eq!(answer.json(), expected);
    // The sample of the page, in its order.
    let sample = r#"{"coverage_rate":123,"total_sessions":0,"sla_sessions":0,"compliance":{"overall":123,
        "first_reply":{"fulfilled":0,"breached":0,"completed_after_breach":0,"active":0,"rate":123},
        "next_reply":{"fulfilled":0,"breached":0,"completed_after_breach":0,"active":0,"rate":123},
        "resolution":{"fulfilled":0,"breached":0,"completed_after_breach":0,"active":0,"rate":123}},
        "percentiles":{"first_reply":{"p50":123,"p90":123,"p95":123},"next_reply":{"p50":123,"p90":123,"p95":123},
        "resolution":{"p50":123,"p90":123,"p95":123}}}"#;
    assert_eq!(names_in_order(&answer.text()), names_in_order(sample));
}

#[tokio::test]
async fn o1_o2_states_sum_to_the_clocks_and_the_rate_ignores_the_active() {
    let world = world().await;
    let answer = ask(&world, OVERVIEW).await;
    let first = answer["compliance"]["first_reply"].as_object().unwrap();
    let sum: u64 =
        ["fulfilled", "breached", "completed_after_breach", "active"].iter().map(|s| first[*s].as_u64().unwrap()).sum();
    assert_eq!(sum, 4);
    assert_near(&first["rate"], &json!(100.0 / 3.0), "rate");
}

#[tokio::test]
async fn o3_a_breakdown_needs_group_by() {
    let world = world().await;
    for (parameters, expected) in [("", "group_by: is required"), ("?group_by=queue", "group_by: is not one of")] {
        let answer = get(&world, &format!("{BREAKDOWN}{parameters}"), &[bearer(&world, Role::Manager)]).await;
        let body = answer.json();
        assert_eq!(
            (answer.status.as_u16(), &body["statusCode"], &body["error"]),
            (400, &json!(400), &json!("Bad Request"))
        );
        let message = body["message"].as_str().unwrap();
        assert!(message.starts_with(expected), "{message}");
    }
}

#[tokio::test]
async fn breakdowns_name_their_groups() {
    let world = world().await;
    let groups = |answer: &Value| -> Vec<(Value, u64)> {
        let group = |of: &Value| (of["grouping"].clone(), of["sessions_count"].as_u64().unwrap());
        answer.as_array().unwrap().iter().map(group).collect()
    };
    let none = |kind: &str| json!({"type": kind, "id": null, "name": "None"});
    let by = async |kind: &str| groups(&ask(&world, &format!("{BREAKDOWN}?group_by={kind}")).await);
    let kim = json!({"type": "agent", "id": 7, "name": "Kim"});
    assert_eq!(by("agent").await, [(kim, 2), (none("agent"), 2)]);
    assert_eq!(by("channel").await, [(json!({"type": "channel", "id": "email", "name": "email"}), 4)]);
    let teams = by("team").await;
    assert_eq!(
        teams.iter().map(|(key, count)| (key["name"].as_str().unwrap(), *count)).collect::<Vec<_>>(),
        [("None", 2), ("Support", 2)]
    );
    let policies = by("policy").await;
    let id = policies[0].0["id"].as_str().unwrap();
    assert_eq!((policies.len(), &policies[0].0["name"], policies[0].1), (1, &json!("Gold"), 4));
    // The id that goes out comes in.
    let narrowed = ask(&world, &format!("{OVERVIEW}?policy_id={}", id.to_uppercase())).await;
    assert_eq!((&narrowed["total_sessions"], &narrowed["sla_sessions"]), (&json!(5), &json!(4)));
}

#[tokio::test]
async fn o4_a_trend_is_by_day_unless_weeks_are_asked_for() {
    let world = world().await;
    let trend = ask(&world, &format!("{TREND}?from=2026-05-18&to=2026-05-31")).await;
    assert_eq!((&trend["granularity"], trend["data"].as_array().unwrap().len()), (&json!("day"), 14));
    let sessions = |trend: &Value| -> Vec<(String, u64)> {
        let point = |of: &Value| (of["date"].as_str().unwrap().to_owned(), of["sessions_count"].as_u64().unwrap());
        trend["data"].as_array().unwrap().iter().map(point).filter(|(_, sessions)| *sessions > 0).collect()
    };
    assert_eq!(sessions(&trend), [("2026-05-20".to_owned(), 2), ("2026-05-21".to_owned(), 1)]);
    let weeks = ask(&world, &format!("{TREND}?granularity=week&from=2026-05-18&to=2026-05-31")).await;
    assert_eq!((&weeks["granularity"], weeks["data"].as_array().unwrap().len()), (&json!("week"), 2));
    assert_eq!(sessions(&weeks), [("2026-05-18".to_owned(), 3)]);
    // Buckets are local: what is created at 09:00 UTC is created the day before in Honolulu.
    let honolulu = ask(&world, &format!("{TREND}?timezone=Pacific/Honolulu&from=2026-05-18&to=2026-05-31")).await;
    assert_eq!(sessions(&honolulu)[0].0, "2026-05-19");
}

#[tokio::test]
async fn the_range_is_thirty_days_in_utc_unless_given() {
    let world = world().await;
    assert_eq!(ask(&world, TREND).await["data"].as_array().unwrap().len(), 30);
    let total = async |range: &str| ask(&world, &format!("{OVERVIEW}?{range}")).await["total_sessions"].clone();
    assert_eq!(total("from=2026-05-21&to=2026-05-21").await, 2);
    assert_eq!(total("from=2026-05-21T09:00:00Z&to=2026-05-21T09:00:01Z").await, 2);
    assert_eq!(total("from=2026-05-20T09:00:00Z&to=2026-05-21T09:00:00Z").await, 2);
    assert_eq!(total("from=2026-05-21&to=2026-05-21&timezone=Pacific/Kiritimati").await, 2);
    assert_eq!(total("to=2026-05-20").await, 2);
    assert_eq!(total("from=2026-05-22").await, 1);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let world = world().await;
    let check = async |parameters: &str, expected: &str| {
        for path in [OVERVIEW, BREAKDOWN, TREND] {
            let grouped = if path == BREAKDOWN { "&group_by=team" } else { "" };
            let answer = get(&world, &format!("{path}?{parameters}{grouped}"), &[bearer(&world, Role::Manager)]).await;
            assert_eq!(answer.status, 400, "{path} {parameters}: {}", answer.text());
            let message = answer.json()["message"].as_str().unwrap().to_owned();
            assert!(message.contains(expected), "{parameters}: {message}");
        }
    };
    check("timezone=Mars/Olympus", "timezone").await;
    check("policy_id=gold", "policy_id").await;
    check("team_id=7", "team_id").await;
    check("agent_id=kim", "agent_id").await;
    check("agent_id=9007199254740992", "agent_id").await;
    check("from=yesterday", "from").await;
    check("from=2026-05-31&to=2026-05-01", "from").await;
    check("to=2026-13-01", "to").await;
    check("since=2026-05-01", "since").await;
    check("channel=email&channel=web", "channel").await;
    check(&format!("channel={}", "x".repeat(1_001)), "channel").await;
    let many_days = format!("{TREND}?from=1900-01-01&to=2026-05-01");
    assert_eq!(get(&world, &many_days, &[bearer(&world, Role::Manager)]).await.status, 400);
}

#[tokio::test]
async fn what_nobody_has_matches_nothing() {
    let world = world().await;
    for parameters in ["team_id=00000000-0000-0000-0000-000000000000", "agent_id=8", "channel=fax"] {
        let answer = ask(&world, &format!("{OVERVIEW}?{parameters}")).await;
        assert_eq!((&answer["total_sessions"], &answer["coverage_rate"]), (&json!(0), &json!(0.0)), "{parameters}");
    }
}

#[tokio::test]
async fn who_may_not_is_told_so() {
    let world = world().await;
    for path in [OVERVIEW, BREAKDOWN, TREND] {
        for (headers, status) in [
            (vec![], 401),
            (vec![("authorization", "Bearer nonsense".to_owned())], 401),
            (vec![bearer(&world, Role::Agent)], 403),
        ] {
            // Before anything is said of parameters.
            let path = if path == BREAKDOWN { format!("{path}?group_by=team") } else { path.to_owned() };
            let answer = get(&world, &path, &headers).await;
            assert_eq!((answer.status.as_u16(), &answer.json()["statusCode"]), (status, &json!(status)), "{path}");
        }
    }
    assert_eq!(get(&world, BREAKDOWN, &[]).await.status, 401);
    assert_eq!(get(&world, BREAKDOWN, &[bearer(&world, Role::Agent)]).await.status, 403);
}

#[tokio::test]
async fn a_token_of_some_teams_sees_their_sessions_only() {
    let world = world().await;
    let token = world.token_for(crate::world::WORKSPACE, Role::Manager, Some(&["support"]));
    let headers = [("authorization", format!("Bearer {token}"))];
    let answer = get(&world, OVERVIEW, &headers).await.json();
    assert_eq!((&answer["total_sessions"], &answer["sla_sessions"]), (&json!(2), &json!(2)), "{answer}");
    let groups = get(&world, &format!("{BREAKDOWN}?group_by=team"), &headers).await.json();
    assert_eq!(groups.as_array().unwrap().len(), 1, "{groups}");
    let stranger = format!("Bearer {}", world.token_for("elsewhere", Role::Owner, None));
    let answer = get(&world, OVERVIEW, &[("authorization", stranger)]).await.json();
    assert_eq!(answer["total_sessions"], 0, "{answer}");
}

const FIGURES: &str = "coverageRate totalCases slaCases
    compliance { overall firstReply { ...o } nextReply { ...o } resolution { ...o } }
    percentiles { firstReply { p50 p90 p95 } nextReply { p50 p90 p95 } resolution { p50 p90 p95 } }";
const OUTCOME: &str = "fragment o on SlaOutcome { fulfilled breached completedAfterBreach active rate }";

/// Compares everything that both have, name by name.
fn compare(theirs: &Value, ours: &Value, what: &str) {
    for (name, value) in theirs.as_object().unwrap() {
        let words: Vec<&str> = name.split('_').collect();
        let upper = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        let graph_name = words[0].to_owned() + &words[1..].iter().map(|word| upper(word)).collect::<String>();
        let graph_name = match graph_name.as_str() {
            "totalSessions" => "totalCases",
            "slaSessions" => "slaCases",
            name => name,
        };
        let (theirs, ours, what) = (value, &ours[graph_name], format!("{what} {name}"));
        match theirs.is_object() {
            true => compare(theirs, ours, &what),
            false => assert_near(theirs, ours, &what),
        }
    }
}

#[tokio::test]
async fn numbers_are_those_of_the_graph() {
    let world = demo().await;
    let directory = graph(
        &world,
        "{ teams { edges { node { externalId name } } } agents(first: 3) { edges { node { externalId number } } } }",
    )
    .await;
    let teams = ask(&world, &format!("{BREAKDOWN}?group_by=team")).await;
    let team_id = |name: &str| {
        let group = teams.as_array().unwrap().iter().find(|group| group["grouping"]["name"] == *name);
        group.map(|group| group["grouping"]["id"].as_str().unwrap().to_owned())
    };
    let mut filters =
        vec![(String::new(), "{}".to_owned()), ("&channel=email".to_owned(), r#"{channel: ["email"]}"#.to_owned())];
    for team in directory["teams"]["edges"].as_array().unwrap() {
        let team = &team["node"];
        let Some(uuid) = team_id(team["name"].as_str().unwrap()) else { continue };
        filters.push((format!("&team_id={uuid}"), format!("{{team: [{}]}}", team["externalId"])));
    }
    for agent in directory["agents"]["edges"].as_array().unwrap() {
        let agent = &agent["node"];
        filters.push((format!("&agent_id={}", agent["number"]), format!("{{agent: [{}]}}", agent["externalId"])));
    }
    assert!(filters.len() > 5, "{filters:?}");
    for zone in ["UTC", "Europe/Copenhagen", "Asia/Kathmandu"] {
        for (parameter, filter) in &filters {
            let path = format!("{OVERVIEW}?timezone={}{parameter}", encoded(zone));
            let query = format!(
                "{{ slaAnalytics(period: {{preset: LAST_30_DAYS}}, timezone: \"{zone}\", filter: {filter}) {{ {FIGURES}
                    series(grain: WEEK) {{ label analytics {{ {FIGURES} }} }} }} }} {OUTCOME}"
            );
            let ours = &graph(&world, &query).await["slaAnalytics"];
            compare(&ask(&world, &path).await, ours, &path);
            let trend = ask(&world, &path.replace("analytics?", "analytics/trend?granularity=week&")).await;
            let points = ours["series"].as_array().unwrap();
            assert_eq!(trend["data"].as_array().unwrap().len(), points.len(), "{path}");
            for (theirs, ours) in trend["data"].as_array().unwrap().iter().zip(points) {
                assert_eq!(theirs["date"], ours["label"]);
                for part in ["compliance", "percentiles"] {
                    compare(&theirs[part], &ours["analytics"][part], &format!("{path} {part}"));
                }
            }
        }
    }
}

#[tokio::test]
async fn breakdowns_are_those_of_the_graph() {
    let world = demo().await;
    for (kind, dimension) in [("policy", "SLA_POLICY"), ("team", "TEAM"), ("agent", "AGENT"), ("channel", "CHANNEL")] {
        let theirs = ask(&world, &format!("{BREAKDOWN}?group_by={kind}")).await;
        let query = format!(
            "{{ slaAnalytics(period: {{preset: LAST_30_DAYS}}, timezone: \"UTC\") {{ by(dimension: {dimension}, first: 100) {{
                key {{ label value }} analytics {{ {FIGURES} }} }} }} }} {OUTCOME}"
        );
        let ours = graph(&world, &query).await["slaAnalytics"]["by"].clone();
        let theirs = theirs.as_array().unwrap();
        assert!(theirs.len() > 2, "{kind}");
        for group in theirs {
            let is_it = |of: &&Value| of["key"]["label"] == group["grouping"]["name"];
            let same = ours.as_array().unwrap().iter().filter(is_it).collect::<Vec<_>>();
            assert_eq!(same.len(), 1, "{group}");
            for part in ["compliance", "percentiles"] {
                compare(&group[part], &same[0]["analytics"][part], &format!("{kind} {}", group["grouping"]["name"]));
            }
        }
    }
}
