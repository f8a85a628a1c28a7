//! Nobody sees what is not theirs, by whatever field and door: every field of the schema and every endpoint gives data to the right viewer,
//! and to anybody else exactly what it would give if what they may not see were not there at all.
//!
//! The world in question holds two workspaces; beside it stand worlds that hold only what one viewer may see. The same request of the same
//! viewer must be answered alike in both: data, errors, numbers, ids and order.

mod arguments;
mod dialects;
mod endpoints;
mod fields;
mod lines;
mod random;
mod sdl;
mod walked;

use axum::http::{StatusCode, header};
use deskgraph::auth::{Grant, Secret, Verifier, token};
use deskgraph::model::{Role, WorkspaceId};
use serde_json::{Value, json};

use crate::world::{Answer, World, now, post, usual_limits};
use lines::{lines, without_t1};

/// What every text of a workspace holds.
pub const ACME: &str = "acmemark";
pub const OTHER: &str = "othermark";

/// A viewer, and the world in which only what they may see exists.
pub struct Stranger {
    pub name: &'static str,
    pub token: String,
    pub alone: World,
}

/// See the module.
pub struct Worlds {
    /// Both workspaces.
    pub both: World,
    /// Who may see all of workspace acme.
    pub owner: String,
    /// A workspace that is not there, the other workspace, and a viewer who sees the cases of team t2 alone.
    pub strangers: Vec<Stranger>,
    /// Tokens that are good for nobody: one that has ended, one that somebody else signed.
    pub bad: [(&'static str, String); 2],
}

impl Worlds {
    pub async fn new() -> Worlds {
        let secret = Secret::random();
        let (acme, other) = (lines(ACME, 1), lines(OTHER, 2));
        let both = World::with(Verifier::from_secret(&secret), secret.clone(), usual_limits()).await;
        fill(&both, "acme", &acme).await;
        fill(&both, "other", &other).await;
        let alone = async |workspace: &str, lines: &[String]| {
            let world = World::with(Verifier::from_secret(&secret), secret.clone(), usual_limits()).await;
            fill(&world, workspace, lines).await;
            world
        };
        let strangers = vec![
            Stranger {
                name: "another workspace",
                token: both.token_for("other", Role::Owner, None),
                alone: alone("other", &other).await,
            },
            Stranger {
                name: "a workspace that is not there",
                token: both.token_for("nowhere", Role::Owner, None),
                alone: alone("nowhere", &[]).await,
            },
            Stranger {
                name: "a team",
                token: both.token_for("acme", Role::Owner, Some(&["t2"])),
                alone: alone("acme", &without_t1(&acme)).await,
            },
        ];
        let owner = both.token_for("acme", Role::Owner, None);
        let bad = [("expired", signed(&secret, -3_600_000)), ("forged", signed(&Secret::random(), 3_600_000))];
        Worlds { both, owner, strangers, bad }
    }
}

/// A token of an owner of workspace acme that lasts so long.
fn signed(secret: &Secret, lifetime_ms: i64) -> String {
    let workspace = WorkspaceId("acme".to_owned());
    let grant = Grant { subject: "kim".to_owned(), workspace, role: Role::Owner, teams: None, lifetime_ms };
    token::issue(secret, &grant, now()).unwrap()
}

async fn fill(world: &World, workspace: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let report = world.ingest_as(&world.token_for(workspace, Role::Owner, None), &lines.join("\n")).await;
    assert_eq!(report["rejected"], json!([]), "a line of the world was rejected");
}

/// Asks the graph.
pub async fn ask(world: &World, token: &str, query: &str) -> Answer {
    let request = post("/graphql", token).header(header::CONTENT_TYPE, "application/json");
    world.send(request.body(json!({ "query": query }).to_string().into()).unwrap()).await
}

/// What a viewer is told, without where errors are: of several at once the one that is reached first is told.
pub async fn told(world: &World, token: &str, query: &str) -> Value {
    let mut answer = ask(world, token, query).await.json();
    let mut errors: Vec<String> = Vec::new();
    for error in answer["errors"].as_array().into_iter().flatten() {
        errors.push(format!("{} {}", error["extensions"]["code"], error["message"]));
    }
    errors.sort();
    errors.dedup();
    answer["errors"] = json!(errors);
    answer
}

/// What a viewer is told is what they would be told if nothing else were there; and who has no good token is told nothing.
pub async fn check_strangers(worlds: &Worlds, query: &str) {
    for Stranger { name, token, alone } in &worlds.strangers {
        let (found, expected) = (told(&worlds.both, token, query).await, told(alone, token, query).await);
        assert!(
            found == expected,
            "{name} sees what is not theirs: {query}\n{}",
            first_difference(&found, &expected, "data")
        );
    }
    for (name, token) in &worlds.bad {
        let answer = ask(&worlds.both, token, query).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}: {query}: {}", answer.text());
        assert!(answer.json().get("data").is_none() && !answer.text().contains(ACME), "{name}: {}", answer.text());
    }
}

/// The first place at which two answers differ, and what they say there.
pub fn first_difference(found: &Value, expected: &Value, place: &str) -> String {
    match (found, expected) {
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            let differs = one.iter().find(|(name, value)| other[*name] != **value);
            differs.map_or_else(String::new, |(name, value)| {
                first_difference(value, &other[name], &format!("{place}.{name}"))
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let differs = one.iter().zip(other).position(|(one, other)| one != other);
            differs.map_or_else(String::new, |at| first_difference(&one[at], &other[at], &format!("{place}[{at}]")))
        }
        _ => format!("{place}: {found}\ninstead of {expected}"),
    }
}

/// Indicates a value says something: neither null, nor an empty list, nor an object of those alone.
pub fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) => fields.iter().any(|(name, value)| name != "__typename" && says_something(value)),
        _ => true,
    }
}
