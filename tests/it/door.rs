//! The HTTP server itself: statuses, media types, bounds, compression, health, the GraphiQL page.

use std::io::Write;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use deskgraph::app::Identity;
use deskgraph::auth::{Secret, Verifier};
use deskgraph::http::{Limits, graphiql};
use deskgraph::model::Role;
use serde_json::{Value, json};

use crate::world::{Answer, World, post};

const JSON: &str = "application/json";
const RESPONSE: &str = "application/graphql-response+json";
const LINES: &str = "application/x-ndjson";

async fn ask_raw(world: &World, content_type: &str, accept: &str, body: impl Into<Body>) -> Answer {
    let request = post("/graphql", &world.token(Role::Owner))
        .header(header::CONTENT_TYPE, content_type)
        .header(header::ACCEPT, accept);
    world.send(request.body(body.into()).unwrap()).await
}

fn query(text: &str) -> String {
    json!({"query": text}).to_string()
}

#[tokio::test]
async fn graphql_statuses_tell_bad_requests_from_bad_documents() {
    let world = World::new().await;
    // What is sent, and the statuses to a client that takes the new media type and to one that takes only JSON.
    let needs_a_value =
        json!({"query": "query($id: ID!) { node(id: $id) { id } }", "variables": {"id": null}}).to_string();
    let cases: [(&str, String, u16, u16); 14] = [
        ("good", query("{ __typename }"), 200, 200),
        (
            "named",
            json!({"query": "query A { __typename } query B { __typename }", "operationName": "B"}).to_string(),
            200,
            200,
        ),
        (
            "nulls",
            json!({"query": "{ __typename }", "variables": null, "operationName": null, "extensions": null})
                .to_string(),
            200,
            200,
        ),
        ("does not parse", query("{"), 400, 200),
        ("does not validate", query("{ nothing }"), 400, 200),
        ("variable without value", needs_a_value, 400, 200),
        ("which operation", query("query A { __typename } query B { __typename }"), 400, 200),
        ("no JSON", "{".to_owned(), 400, 400),
        ("empty", String::new(), 400, 400),
        ("no query", "{}".to_owned(), 400, 400),
        ("query no text", json!({"query": 1}).to_string(), 400, 400),
        ("variables no object", json!({"query": "{ __typename }", "variables": [1]}).to_string(), 400, 400),
        ("extensions no object", json!({"query": "{ __typename }", "extensions": "x"}).to_string(), 400, 400),
        ("batch", json!([{"query": "{ __typename }"}]).to_string(), 400, 400),
    ];
    for (name, body, response, json) in cases {
        for (accept, expected) in [(RESPONSE, response), (JSON, json)] {
            let answer = ask_raw(&world, JSON, accept, body.clone()).await;
            assert_eq!(answer.status.as_u16(), expected, "{name} as {accept}: {}", answer.text());
            assert_eq!(answer.header("content-type"), format!("{accept}; charset=utf-8"), "{name}");
            let answered = answer.json();
            if response == 200 {
                assert_eq!(answered["data"]["__typename"], "Query", "{name}");
            } else {
                assert_eq!(answered.get("data"), None, "{name}");
                assert_eq!(answered["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{name}: {answered}");
            }
        }
    }
}

#[tokio::test]
async fn graphql_takes_and_gives_only_its_media_types() {
    let world = World::new().await;
    let check = async |content_type: &str, accept: &str, expected: u16| {
        let answer = ask_raw(&world, content_type, accept, query("{ __typename }")).await;
        assert_eq!(answer.status.as_u16(), expected, "{content_type} → {accept}: {}", answer.text());
    };
    check("application/json; charset=utf-8", "*/*", 200).await;
    check("text/plain", "*/*", 415).await;
    check("", "*/*", 415).await;
    check("multipart/form-data; boundary=x", "*/*", 415).await;
    check("application/json; charset=latin1", "*/*", 415).await;
    check(JSON, "text/html", 406).await;
    let token = world.token(Role::Owner);
    let put = Request::put("/graphql").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let answer = world.send(put.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.header("allow").contains("POST"), "{}", answer.header("allow"));
}

#[tokio::test]
async fn get_asks_queries_and_nothing_else() {
    let world = World::new().await;
    let check = async |parameters: &str, expected: u16| {
        let request = Request::get(format!("/graphql?{parameters}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", world.token(Role::Owner)))
            .header(header::ACCEPT, RESPONSE);
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), expected, "{parameters}: {}", answer.text());
    };
    check("query=%7B__typename%7D", 200).await;
    check("query=query%20A%7B__typename%7D&operationName=A&variables=%7B%7D", 200).await;
    check("query=%7B__typename%7D&variables=nothing", 400).await;
    check("query=mutation%7B__typename%7D", 405).await;
    check("query=subscription%7B__typename%7D", 405).await;
    check("", 400).await;
}

#[tokio::test]
async fn graphql_refuses_what_is_too_large_or_too_deep() {
    let world = World::new().await;
    let check = async |body: String, expected: u16| {
        let answer = ask_raw(&world, JSON, RESPONSE, body).await;
        assert_eq!(answer.status.as_u16(), expected);
        assert_eq!(answer.json()["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{}", answer.text());
    };
    check(" ".repeat(Limits::default().body_bytes + 1), 413).await;
    check(query(&"{a".repeat(50_000)), 400).await;
    check(query(&format!("{{ __typename }}{}", " ".repeat(Limits::default().document_bytes))), 400).await;
    let aliases: String = (0..6_000).map(|n| format!("a{n}:__typename ")).collect();
    check(query(&format!("{{ {} }}", aliases)), 400).await;
    let bomb: String = (0..60).map(|i| format!("fragment f{i} on Query {{ ...f{0} ...f{0} }} ", i + 1)).collect();
    check(query(&format!("{{ ...f0 }} {bomb} fragment f60 on Query {{ __typename }}")), 400).await;
}

async fn send_lines(world: &World, path: &str, encoding: Option<&str>, body: Vec<u8>) -> Answer {
    let mut request = post(path, &world.token(Role::Admin)).header(header::CONTENT_TYPE, LINES);
    if let Some(encoding) = encoding {
        request = request.header(header::CONTENT_ENCODING, encoding);
    }
    world.send(request.body(Body::from(body)).unwrap()).await
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn what_was_sent_is_seen_by_the_next_question() {
    let world = World::new().await;
    let report = world
        .ingest("{\"type\":\"case\",\"id\":\"c1\",\"number\":7,\"created_at\":\"2026-05-01T08:00:00Z\",\"subject\":\"Lamp\"}\n")
        .await;
    assert_eq!((&report["accepted"], &report["rejected"]), (&json!(1), &json!([])), "{report}");
    let answer = world.ask("{ case(by: {number: 7}) { subject } }").await;
    assert_eq!(answer["data"], json!({"case": {"subject": "Lamp"}}), "{answer}");
    assert!(answer["extensions"]["stats"]["sqlStatements"].as_u64().is_some_and(|count| count > 0), "{answer}");
    let stranger = world.token_for("elsewhere", Role::Owner, None);
    let answer = world.ask_as(&stranger, "{ case(by: {number: 7}) { subject } }", json!({})).await;
    assert_eq!(answer["data"], json!({"case": null}), "{answer}");
}

#[tokio::test]
async fn ingest_takes_lines_plain_and_packed() {
    let world = World::new().await;
    let lines = |id: &str| format!("{{\"type\":\"tag\",\"id\":\"{id}\",\"name\":\"VIP\"}}\n");
    let check = async |encoding: Option<&str>, body: Vec<u8>| {
        let answer = send_lines(&world, "/ingest", encoding, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{encoding:?}: {}", answer.text());
        assert_eq!(answer.json()["accepted"], 1, "{encoding:?}");
    };
    check(None, lines("plain").into_bytes()).await;
    check(Some("identity"), lines("identity").into_bytes()).await;
    check(Some("gzip"), gzip(&lines("gzip"))).await;
    check(Some("zstd"), zstd::encode_all(lines("zstd").as_bytes(), 1).unwrap()).await;
    check(None, gzip(&lines("gzip, not said"))).await;
    check(None, zstd::encode_all(lines("zstd, not said").as_bytes(), 1).unwrap()).await;
}

#[tokio::test]
async fn ingest_refuses_what_it_cannot_take() {
    let world = World::new().await;
    let tag = b"{\"type\":\"tag\",\"id\":\"a\"}\n".to_vec();
    let check = |answer: Answer, status: u16, code: &str| {
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        assert_eq!(answer.json()["error"]["code"], code, "{}", answer.text());
    };
    check(send_lines(&world, "/ingest", Some("br"), tag.clone()).await, 415, "BAD_USER_INPUT");
    check(send_lines(&world, "/ingest?atomic=perhaps", None, tag.clone()).await, 400, "BAD_USER_INPUT");
    check(send_lines(&world, "/ingest?dry_run=true", None, tag.clone()).await, 400, "BAD_USER_INPUT");
    let mut cut_off = gzip(&"{\"type\":\"tag\",\"id\":\"a\"}\n".repeat(100));
    cut_off.truncate(cut_off.len() - 10);
    check(send_lines(&world, "/ingest", Some("gzip"), cut_off).await, 400, "BAD_USER_INPUT");
    let bomb = zstd::encode_all(vec![b'\n'; 9 << 20].as_slice(), 1).unwrap();
    check(send_lines(&world, "/ingest", Some("zstd"), bomb).await, 413, "LIMIT_EXCEEDED");
    let request = post("/ingest", &world.token(Role::Admin)).header(header::CONTENT_TYPE, JSON);
    check(world.send(request.body(Body::from(tag)).unwrap()).await, 415, "BAD_USER_INPUT");
    let get = Request::get("/ingest").body(Body::empty()).unwrap();
    check(world.send(get).await, 405, "BAD_USER_INPUT");
}

#[tokio::test]
async fn an_atomic_batch_lands_whole_or_not_at_all() {
    let world = World::new().await;
    let lines = "{\"type\":\"tag\",\"id\":\"a\"}\n{\"type\":\"nonsense\"}\n";
    let answer = send_lines(&world, "/ingest?atomic=true", None, lines.into()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    let report = answer.json();
    assert_eq!((&report["accepted"], &report["rejected"][0]["line"]), (&json!(0), &json!(2)), "{report}");
    let again = send_lines(&world, "/ingest?atomic=false", None, lines.into()).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(again.json()["accepted"], 1, "the first try left nothing: {}", again.text());
}

#[tokio::test]
async fn health_needs_no_token() {
    let world = World::new().await;
    let get = async |path: &str| world.send(Request::get(path).body(Body::empty()).unwrap()).await;
    assert_eq!(get("/healthz").await.json(), json!({"status": "ok"}));
    assert_eq!(get("/readyz").await.json(), json!({"status": "ready"}));
    let lost = get("/elsewhere").await;
    assert_eq!((lost.status, &lost.json()["error"]["code"]), (StatusCode::NOT_FOUND, &json!("NOT_FOUND")));
}

#[tokio::test]
async fn request_ids_are_given_and_kept() {
    let world = World::new().await;
    let send = async |id: Option<&str>| {
        let mut request = Request::get("/healthz");
        if let Some(id) = id {
            request = request.header("x-request-id", id);
        }
        world.send(request.body(Body::empty()).unwrap()).await.header("x-request-id").to_owned()
    };
    assert_eq!(send(Some("abc-1")).await, "abc-1");
    let (first, second) = (send(None).await, send(None).await);
    assert!(first.len() == 32 && first != second, "{first} {second}");
    assert_ne!(send(Some("a b\"c")).await, "a b\"c");
    assert_ne!(send(Some(&"x".repeat(200))).await, "x".repeat(200));
}

#[tokio::test]
async fn the_page_brings_all_it_needs() {
    let world = World::new().await;
    let get = async |path: &str, etag: &str| {
        let request = Request::get(path).header(header::IF_NONE_MATCH, etag).body(Body::empty()).unwrap();
        world.send(request).await
    };
    let page = get("/graphiql", "").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    assert_eq!(get("/graphiql", page.header("etag")).await.status, StatusCode::NOT_MODIFIED);
    let html = page.text();
    let files: Vec<&str> = html.split(['"']).filter(|part| part.starts_with("graphiql/")).collect();
    assert!(files.len() > 1 || html.contains("not in this build"), "{html}");
    for file in files {
        let answer = get(&format!("/{file}"), "").await;
        assert_eq!(answer.status, StatusCode::OK, "{file}");
        let expected =
            if file.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
        assert_eq!(answer.header("content-type"), expected, "{file}");
        assert!(!answer.bytes.is_empty(), "{file}");
    }
    assert_eq!(get("/graphiql/../Cargo.toml", "").await.status, StatusCode::NOT_FOUND);
    for outside in ["src=\"http", "href=\"http", "//unpkg", "//cdn"] {
        assert!(!html.contains(outside), "{outside}");
    }
    if html.contains("id=\"examples\"") {
        let data = html.split("id=\"examples\">").nth(1).unwrap().split("</script>").next().unwrap();
        let tabs: Value = serde_json::from_str(data).unwrap();
        assert_eq!(tabs.as_array().map(Vec::len), Some(graphiql::EXAMPLES.len()));
    }
}

#[tokio::test]
async fn the_page_of_the_dialects_is_made_of_files_from_here() {
    let world = World::new().await;
    let get = async |path: &str| world.send(Request::get(path).body(Body::empty()).unwrap()).await;
    let page = get("/openapi").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    let html = page.text();
    let files: Vec<&str> = html.split(['"']).filter(|part| part.starts_with("graphiql/")).collect();
    assert!(files.len() == 3 || html.contains("not in this build"), "{html}");
    for file in files {
        let answer = get(&format!("/{file}")).await;
        assert!(answer.status == StatusCode::OK && !answer.bytes.is_empty(), "{file}");
    }
    let document = get("/openapi.json").await;
    let request = Request::get("/openapi.json").header(header::IF_NONE_MATCH, document.header("etag"));
    let again = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((document.status, again.status), (StatusCode::OK, StatusCode::NOT_MODIFIED));
}

#[tokio::test]
async fn every_example_tab_is_a_good_question() {
    let world = World::new().await;
    for (name, query) in graphiql::EXAMPLES {
        let answer = world.ask(query).await;
        assert!(answer["data"].is_object() && answer.get("errors").is_none(), "{name}: {answer}");
    }
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_ended() {
    let secret = Secret::random();
    let short = Duration::from_millis(10);
    let limits = Limits { request_timeout: short, ingest_timeout: short, ingest_bytes: 1, ..Limits::default() };
    let world = World::with(Verifier::from_secret(&secret), secret, limits).await;
    let error = json!({"message": "request took longer than 10ms; ask for less or try again"});
    // Bodies that never come.
    let body = || Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let answer = ask_raw(&world, JSON, JSON, body()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
    let found = &answer.json()["errors"][0];
    assert_eq!((&found["message"], &found["extensions"]["code"]), (&error["message"], &json!("UNAVAILABLE")));
    let request = post("/ingest", &world.token(Role::Admin)).header(header::CONTENT_TYPE, LINES);
    let answer = world.send(request.body(body()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text());
    let found = &answer.json()["error"];
    assert_eq!((&found["message"], &found["code"]), (&error["message"], &json!("UNAVAILABLE")));
}

#[tokio::test]
async fn answers_are_packed_for_those_who_can_unpack_them() {
    let world = World::new().await;
    let request = Request::builder().method(Method::GET).uri("/graphiql").header(header::ACCEPT_ENCODING, "gzip");
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    assert_eq!(answer.bytes[..2], [0x1f, 0x8b]);
}

#[tokio::test]
async fn only_what_follows_from_the_request_and_the_viewer_is_fixed() {
    let world = World::new().await;
    let line = |name: &str| format!(r#"{{"type":"workspace","name":"{name}","timezone":"UTC"}}"#);
    world.ingest(&line("One")).await;
    let identity = Identity::new(&world.app, Verifier::from_secret(&world.secret));
    let owner = identity.of_token(&world.token(Role::Owner)).await.unwrap();
    let schema = deskgraph::graphql::build();
    for (text, is_fixed) in [
        ("{ __typename viewer { subject role permissions } }", true),
        ("{ __schema { types { name } } }", true),
        ("{ metricDefinitions { totalCount } recordDefinitions { totalCount } }", true),
        ("{ viewer { workspace { name } } }", false),
        ("{ workspace { asOf } }", false),
        ("{ cases { totalCount } }", false),
        ("{ metrics { openCases { count } } }", false),
        ("{ filterValues(attribute: HOUR_OF_DAY) { totalCount } }", true),
        ("{ filterValues(attribute: CHANNEL) { totalCount } }", false),
    ] {
        let question = schema.question(text).unwrap();
        let executed = deskgraph::graphql::execute(&schema, question, &world.app, owner.clone(), false).await;
        assert_eq!((executed.response.errors, executed.is_fixed), (Vec::new(), is_fixed), "{text}");
    }
    // The same bytes again: each viewer's own, what is now, each in its media type.
    let ask = async |role, accept: &str, text: &str| {
        let request = post("/graphql", &world.token(role)).header(header::CONTENT_TYPE, JSON);
        let request = request.header(header::ACCEPT, accept).body(query(text).into()).unwrap();
        world.send(request).await
    };
    for _ in 0..2 {
        for (role, word) in [(Role::Owner, "OWNER"), (Role::Agent, "AGENT")] {
            for accept in [JSON, RESPONSE] {
                let answer = ask(role, accept, "{ viewer { role } }").await;
                assert_eq!(answer.text(), format!(r#"{{"data":{{"viewer":{{"role":"{word}"}}}}}}"#));
                assert!(answer.header(header::CONTENT_TYPE).starts_with(accept), "{accept}");
                assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
            }
        }
    }
    for name in ["One", "Two"] {
        world.ingest(&line(name)).await;
        let answer = ask(Role::Owner, JSON, "{ viewer { workspace { name } } }").await;
        assert_eq!(answer.json()["data"]["viewer"]["workspace"]["name"], name);
    }
}
