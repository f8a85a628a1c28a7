//! API keys: made once, good wherever a token is, for what they were made, until they end.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use deskgraph::app::Error;
use deskgraph::app::api_keys::KeyWish;
use deskgraph::app::viewer::local_owner;
use deskgraph::model::{Instant, Role, Viewer, WorkspaceId};
use serde_json::json;

use crate::world::{Answer, WORKSPACE, World, now};

fn owner(workspace: &str) -> Viewer {
    local_owner(WorkspaceId(workspace.to_owned()))
}

fn wish(role: Role) -> KeyWish {
    KeyWish { name: "a dashboard".to_owned(), role, teams: None, expires_at: None }
}

async fn send(world: &World, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send(request.body(Body::from(body)).unwrap()).await
}

/// Asks at every door; the statuses.
async fn knock(world: &World, key: &str, id: &str) -> [u16; 5] {
    let bearer = format!("Bearer {key}");
    let json_body = json!({"query": "{ viewer { subject } }"}).to_string();
    let typed = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let lines = [("authorization", bearer.as_str()), ("content-type", "application/x-ndjson")];
    let subject = format!("api-key:{id}");
    let user = [("x-auth-token", key), ("x-user-id", subject.as_str())];
    let range = "from=2026-05-01T00:00:00.000Z&to=2026-05-30T00:00:00.000Z&name=Conversations";
    let answers = [
        send(world, "POST", "/graphql", &typed, json_body).await,
        send(world, "GET", "/graphql?query=%7Bviewer%7Brole%7D%7D", &typed[..1], String::new()).await,
        send(world, "POST", "/ingest", &lines, r#"{"type":"tag","id":"t"}"#.to_owned()).await,
        send(world, "GET", "/v1/analytics/metrics", &[("authorization", key)], String::new()).await,
        send(world, "GET", &format!("/api/v1/livechat/analytics/overview?{range}"), &user, String::new()).await,
    ];
    answers.map(|answer| answer.status.as_u16())
}

#[tokio::test]
async fn a_key_works_wherever_a_token_does_and_for_its_role() {
    let world = World::new().await;
    let (key, fresh) = world.app.make_api_key(&owner(WORKSPACE), wish(Role::Admin)).await.unwrap();
    assert_eq!(knock(&world, &fresh.text(), &key.id).await, [200; 5]);
    let (key, fresh) = world.app.make_api_key(&owner(WORKSPACE), wish(Role::Agent)).await.unwrap();
    assert_eq!(knock(&world, &fresh.text(), &key.id).await, [200, 200, 403, 403, 403]);
    let answer = world.ask_as(&fresh.text(), "{ viewer { subject role workspace { name } } }", json!({})).await;
    let subject = format!("api-key:{}", key.id);
    let expected = json!({"subject": subject, "role": "AGENT", "workspace": {"name": WORKSPACE}});
    assert_eq!(answer["data"]["viewer"], expected);
}

#[tokio::test]
async fn a_key_shows_the_cases_of_its_teams() {
    let world = World::new().await;
    let line = |id: &str, team: &str| {
        format!(r#"{{"type":"case","id":"{id}","created_at":"2026-05-30T08:00:00Z","team":"{team}"}}"#)
    };
    world.ingest(&format!("{}\n{}\n", line("c1", "t1"), line("c2", "t2"))).await;
    let of_team = KeyWish { teams: Some(["t2".to_owned()].into()), ..wish(Role::Manager) };
    let (_, fresh) = world.app.make_api_key(&owner(WORKSPACE), of_team).await.unwrap();
    let query = "{ cases { totalCount edges { node { externalId } } } metrics { createdCases { count } } }";
    let answer = world.ask_as(&fresh.text(), query, json!({})).await;
    let expected = json!({
        "cases": {"totalCount": 1, "edges": [{"node": {"externalId": "c2"}}]}, "metrics": {"createdCases": {"count": 1}}
    });
    assert_eq!(answer["data"], expected);
    let (_, fresh) = world.app.make_api_key(&owner("other"), wish(Role::Manager)).await.unwrap();
    let answer = world.ask_as(&fresh.text(), query, json!({})).await;
    assert_eq!(answer["data"]["cases"]["totalCount"], 0);
}

#[tokio::test]
async fn a_key_ends_when_it_is_revoked_and_when_it_expires() {
    let world = World::new().await;
    let app = &world.app;
    let (key, fresh) = app.make_api_key(&owner(WORKSPACE), wish(Role::Admin)).await.unwrap();
    let not_ours = app.revoke_api_key(&owner("other"), &key.id).await;
    assert!(matches!(not_ours, Err(Error::NotFound(_))), "{not_ours:?}");
    assert_eq!(knock(&world, &fresh.text(), &key.id).await, [200; 5]);
    app.revoke_api_key(&owner(WORKSPACE), &key.id).await.unwrap();
    assert_eq!(knock(&world, &fresh.text(), &key.id).await, [401; 5]);
    assert!(matches!(app.revoke_api_key(&owner(WORKSPACE), &key.id).await, Err(Error::NotFound(_))));

    let until = |ms: i64| KeyWish { expires_at: Some(now().plus_ms(ms)), ..wish(Role::Admin) };
    let (key, fresh) = app.make_api_key(&owner(WORKSPACE), until(60_000)).await.unwrap();
    assert_eq!(knock(&world, &fresh.text(), &key.id).await, [200; 5]);
    let later = world.at(now().plus_ms(60_000)).await;
    assert_eq!(knock(&later, &fresh.text(), &key.id).await, [401; 5]);
    let kept = app.api_keys(&owner(WORKSPACE)).await.unwrap();
    let good = |now: Instant| kept.iter().map(|key| key.is_good(now)).filter(|good| *good).count();
    assert_eq!((kept.len(), good(now()), good(now().plus_ms(60_000))), (2, 1, 0));
}

#[tokio::test]
async fn what_is_no_key_opens_nothing_and_says_nothing() {
    let world = World::new().await;
    let (key, fresh) = world.app.make_api_key(&owner(WORKSPACE), wish(Role::Owner)).await.unwrap();
    let text = fresh.text();
    let mut other_end = text.clone();
    let last = if other_end.pop() == Some('0') { '1' } else { '0' };
    other_end.push(last);
    let mut texts = Vec::new();
    for wrong in [other_end, format!("dgk_{}_{}", key.id, "0".repeat(64)), "dgk_".to_owned(), text[..40].to_owned()] {
        let bearer = format!("Bearer {wrong}");
        let answer =
            send(&world, "GET", "/graphql?query=%7Bviewer%7Brole%7D%7D", &[("authorization", &bearer)], String::new())
                .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
        texts.push(answer.text());
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    // The key is nowhere in the database.
    if let Some(path) = world.database_url.strip_prefix("sqlite://") {
        for path in [path.to_owned(), format!("{path}-wal")] {
            let bytes = std::fs::read(&path).unwrap();
            let secret = text.rsplit('_').next().unwrap().as_bytes();
            assert!(!bytes.windows(secret.len()).any(|found| found == secret), "{path}");
        }
    }
}

#[tokio::test]
async fn keys_are_made_by_those_who_administer_and_within_bounds() {
    let world = World::new().await;
    let admin = Arc::new(Viewer { role: Role::Admin, permissions: Role::Admin.permissions(), ..owner(WORKSPACE) });
    let app = &world.app;
    let refused = app.make_api_key(&admin, wish(Role::Agent)).await.map(drop);
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    assert!(matches!(app.api_keys(&admin).await, Err(Error::Forbidden(_))));
    for name in ["", "two\nlines", &"x".repeat(201)] {
        let wish = KeyWish { name: name.to_owned(), ..wish(Role::Agent) };
        assert!(matches!(app.make_api_key(&owner(WORKSPACE), wish).await, Err(Error::Invalid(_))), "{name}");
    }
    let teams: std::collections::BTreeSet<String> = (0..201).map(|team| team.to_string()).collect();
    let many = KeyWish { teams: Some(teams), ..wish(Role::Agent) };
    assert!(matches!(app.make_api_key(&owner(WORKSPACE), many).await, Err(Error::Limit(_))));
}
