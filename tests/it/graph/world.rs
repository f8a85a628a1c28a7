//! A small support organisation on a Monday, 14:00 in Copenhagen: one case with everything that a case can have, a few beside it, and
//! many of one pattern.

use std::fmt::Write;
use std::sync::Arc;

use deskgraph::graphql::{self, Schema};
use deskgraph::model::{Instant, Role, Viewer, WorkspaceId};
use serde_json::{Value, json};

use crate::desk::{Desk, NOW, batch};

/// Cases of the pattern.
pub const MANY: usize = 120;

const LINES: &str = r#"
{"type":"workspace","name":"Acme","timezone":"Europe/Copenhagen","business_hours":"office"}
{"type":"business_hours","id":"office","name":"Office","timezone":"Europe/Copenhagen","weekly":{"monday":[["09:00","12:00"],["13:00","17:00"]],"tuesday":[["09:00","17:00"]],"wednesday":[["09:00","17:00"]],"thursday":[["09:00","17:00"]],"friday":[["22:00","02:00"]]},"holidays":[{"date":"2026-12-25","name":"Christmas"}]}
{"type":"business_hours","id":"office","from":"2027-01-01T00:00:00Z","name":"Office 2027","weekly":{"monday":[["00:00","00:00"]]}}
{"type":"team","id":"t1","name":"Billing","business_hours":"office"}
{"type":"team","id":"t2","name":"Technics"}
{"type":"agent","id":"a1","number":17,"name":"Sarah Chen","username":"sarah","email":"sarah@acme.test","teams":["t1","t2"]}
{"type":"agent","id":"a2","number":18,"name":"Omar Haddad","username":"omar","teams":["t2"]}
{"type":"agent","id":"bot","name":"Robo","kind":"bot","active":false}
{"type":"presence","agent":"a1","at":"2026-06-01T07:00:00Z","status":"available"}
{"type":"presence","agent":"a1","at":"2026-06-01T11:00:00Z","status":"busy"}
{"type":"queue","id":"q1","name":"Refunds","team":"t1"}
{"type":"tag","id":"vip","name":"VIP"}
{"type":"tag","id":"beta","name":"Beta"}
{"type":"channel","id":"email","label":"Email"}
{"type":"contact_point","id":"cp1","channel":"email","address":"help@acme.test","label":"Help desk"}
{"type":"customer","id":"cu1","name":"Kim","created_at":"2026-01-02T03:04:05Z"}
{"type":"customer","id":"cu2","name":"Lee"}
{"type":"status","id":"vendor","label":"Waiting for vendor","category":"on_hold"}
{"type":"sla_policy","id":"gold","name":"Gold","position":1,"conditions":{"channel":["email"],"team":["t1"],"queue":["q1"],"priority":["normal"],"tag":["vip"],"case_type":["question"]},"targets":[{"metric":"first_reply","priority":"urgent","goal_seconds":900,"clock":"calendar"},{"metric":"first_reply","goal_seconds":1800,"clock":"calendar"},{"metric":"resolution","goal_seconds":28800,"clock":"business"}]}
{"type":"sla_policy","id":"gold","from":"2027-01-01T00:00:00Z","name":"Gold 2027","targets":[]}
{"type":"sla_policy","id":"plain","name":"Plain","position":2,"conditions":{"case_type":["many"]},"targets":[{"metric":"first_reply","goal_seconds":600},{"metric":"next_reply","goal_seconds":600},{"metric":"resolution","goal_seconds":3600}]}
{"type":"case","id":"c1","number":184472,"created_at":"2026-05-26T08:00:00Z","channel":"email","initial_channel":"phone","direction":"inbound","contact_point":"cp1","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"priority":"normal","case_type":"question","subject":"Where is my refund?","team":"t1","queue":"q1","tags":["vip"],"attributes":{"brand":"x","area":"north"}}
{"type":"message","case":"c1","id":"m1","at":"2026-05-26T08:00:00Z","author":{"kind":"customer","id":"cu1"},"opening":true}
{"type":"assignment","case":"c1","id":"e2","at":"2026-05-26T08:05:00Z","seq":3,"kind":"assign","agent":"a1","queue":null,"actor":{"kind":"system"}}
{"type":"message","case":"c1","id":"m3","at":"2026-05-26T08:20:00Z","author":{"kind":"agent","id":"a1"},"edited_at":"2026-05-26T08:21:00Z","action":"x1"}
{"type":"status_change","case":"c1","id":"e4","at":"2026-05-26T08:20:00Z","status":"vendor","actor":{"kind":"agent","id":"a1"},"action":"x1"}
{"type":"message","case":"c1","id":"m5","at":"2026-05-26T09:00:00Z","author":{"kind":"agent","id":"a1"},"visibility":"internal"}
{"type":"message","case":"c1","id":"m6","at":"2026-05-26T10:00:00Z","author":{"kind":"customer","id":"cu1"}}
{"type":"change","case":"c1","id":"e7","at":"2026-05-26T10:01:00Z","field":"tag_added","to":"beta","actor":{"kind":"bot","id":"bot"}}
{"type":"message","case":"c1","id":"m8","at":"2026-05-26T10:10:00Z","author":{"kind":"agent","id":"a1"}}
{"type":"sla","case":"c1","id":"e9","at":"2026-05-26T10:10:00Z","policy":"gold"}
{"type":"status_change","case":"c1","id":"e10","at":"2026-05-26T10:11:00Z","status":"resolved","actor":{"kind":"agent","id":"a1"}}
{"type":"rating","case":"c1","id":"r1","offered_at":"2026-05-26T10:12:00Z","at":"2026-05-26T11:00:00Z","score":5,"comment":"Thanks","agent":"a1"}
{"type":"case","id":"c2","number":2,"created_at":"2026-05-31T22:30:00Z","channel":"web","direction":"outbound","requester":"cu2","priority":"urgent","subject":"100% done?","team":"t2"}
{"type":"message","case":"c2","id":"m20","at":"2026-05-31T22:30:00Z","author":{"kind":"agent","id":"a2"}}
{"type":"case","id":"c3","number":3,"created_at":"2026-05-30T08:00:00Z","state":"spam","team":"t1","requester":"cu1"}
{"type":"case","id":"c4","number":4,"created_at":"2026-05-30T08:00:00Z","state":"merged","merged_into":"c1","team":"t1","requester":"cu1"}
{"type":"case","id":"c5","number":5,"created_at":"2026-05-20T08:00:00Z","channel":"email","requester":"cu2"}
{"type":"case","id":"k1","number":402,"created_at":"2026-05-30T10:00:00Z","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"team":"t1","assignee":"a1"}
{"type":"message","case":"k1","id":"k1m","at":"2026-05-30T10:06:42Z","author":{"kind":"agent","id":"a1"},"action":"k1"}
{"type":"status_change","case":"k1","id":"k1s","at":"2026-05-30T10:06:42Z","status":"pending","actor":{"kind":"agent","id":"a1"},"action":"k1"}
"#;

/// Cases p000, p001 … a minute apart, each with a requester, assignee, team, queue, tags, a policy with clocks, and a rating of its own
/// kind.
fn many() -> String {
    let mut lines = String::new();
    for i in 0..MANY {
        let at = |minute: usize| {
            let from = Instant::parse("2026-03-02T08:00:00Z").unwrap();
            from.plus_ms(i64::try_from((i * 60 + minute) * 60_000).unwrap()).to_string()
        };
        let (agent, team, queue, tag) = (i % 9, i % 4, i % 5, i % 7);
        let kinds = [
            json!({"type": "case", "id": format!("p{i:03}"), "number": 1000 + i, "created_at": at(0), "channel": format!("ch{}", i % 3),
                "requester": format!("pc{i}"), "case_type": "many", "subject": format!("Question {i}"), "team": format!("pt{team}"),
                "queue": format!("pq{queue}"), "assignee": format!("pa{agent}"), "tags": [format!("pg{tag}"), "pg"]}),
            json!({"type": "message", "case": format!("p{i:03}"), "id": format!("pm{i}a"), "at": at(0),
                "author": {"kind": "customer", "id": format!("pc{i}")}}),
            json!({"type": "message", "case": format!("p{i:03}"), "id": format!("pm{i}b"), "at": at(5),
                "author": {"kind": "agent", "id": format!("pa{agent}")}}),
            json!({"type": "rating", "case": format!("p{i:03}"), "id": format!("pr{i}"), "at": at(9), "score": 1 + i % 5}),
        ];
        for line in kinds {
            writeln!(lines, "{line}").unwrap();
        }
    }
    lines
}

/// A world and the graph over it.
pub struct Graph {
    pub desk: Desk,
    schema: Schema,
}

impl Graph {
    pub async fn new() -> Graph {
        let graph = Graph { desk: Desk::new().await, schema: graphql::build() };
        graph.ingest("acme", LINES).await;
        graph
    }

    /// The world with the many cases too.
    pub async fn with_many() -> Graph {
        let graph = Graph::new().await;
        graph.ingest("acme", &many()).await;
        graph
    }

    pub async fn ingest(&self, workspace: &str, lines: &str) {
        let now = Instant::parse(NOW).unwrap();
        let report = self.desk.app.ingest(&viewer(workspace, Role::Owner, None), batch(lines.trim()), true, now).await;
        assert_eq!(report.unwrap().rejected, [], "a line of the world was rejected");
    }

    /// The whole response to a question of that viewer.
    pub async fn respond(&self, viewer: Viewer, query: &str) -> Value {
        let response = match self.schema.question(query) {
            Ok(question) => {
                graphql::execute(&self.schema, question, &self.desk.app, Arc::new(viewer), true).await.response
            }
            Err(error) => {
                let mut response = async_graphql::Response::from_errors(vec![error]);
                graphql::error::code_library_errors(&mut response);
                response
            }
        };
        serde_json::to_value(&response).unwrap()
    }

    /// What a manager who sees all teams is told, without errors.
    pub async fn ask(&self, query: &str) -> Value {
        let response = self.respond(viewer("acme", Role::Manager, None), query).await;
        assert_eq!(response.get("errors"), None, "{query}");
        response["data"].clone()
    }
}

pub fn viewer(workspace: &str, role: Role, teams: Option<&[&str]>) -> Viewer {
    Viewer {
        subject: "kim".to_owned(),
        workspace: WorkspaceId(workspace.to_owned()),
        role,
        permissions: role.permissions(),
        teams: teams.map(|teams| teams.iter().map(|&team| team.to_owned()).collect()),
    }
}

/// The values at the end of a path of fields; lists are walked through.
pub fn at(value: &Value, path: &str) -> Vec<Value> {
    let mut found = vec![value.clone()];
    for part in path.split('.') {
        let step = found.into_iter().flat_map(|value| match value {
            Value::Array(items) => items,
            other => vec![other],
        });
        found = step.map(|value| value[part].clone()).collect();
    }
    found
}

/// Texts at the end of a path, put together.
pub fn texts(value: &Value, path: &str) -> String {
    let all: Vec<_> = at(value, path).iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect();
    all.join(" ")
}
