//! Every bound of the door: what is over it is refused with a code that says which, and what is under it is not.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use deskgraph::app::AdmissionBounds;
use deskgraph::graphql::Bounds;
use deskgraph::http::{Limits, OpenTo};
use deskgraph::model::Role;
use serde_json::{Value, json};

use crate::world::{Answer, World, post};

const JSON: &str = "application/json";

async fn ask(world: &World, body: &Value) -> Answer {
    let request = post("/graphql", &world.token(Role::Owner)).header(header::CONTENT_TYPE, JSON);
    world.send(request.body(body.to_string().into()).unwrap()).await
}

fn query(text: &str) -> Value {
    json!({ "query": text })
}

/// The code and text of the first error.
fn error(answer: &Answer) -> (String, String) {
    let error = &answer.json()["errors"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

async fn within(bounds: Bounds, limits: Limits) -> World {
    World::opened(bounds, limits, |door| door).await
}

#[tokio::test]
async fn what_a_document_asks_is_bounded() {
    let usual = Bounds::default();
    let check = async |bounds: Bounds, limits: Limits, good: &str, bad: &str, expected: &str| {
        let world = within(bounds, limits).await;
        let answer = ask(&world, &query(good)).await;
        assert!(answer.json().get("errors").is_none(), "{good}: {}", answer.text());
        let answer = ask(&world, &query(bad)).await;
        assert_eq!(error(&answer), ("LIMIT_EXCEEDED".to_owned(), expected.to_owned()), "{bad}");
        assert!(answer.json().get("data").is_none(), "{}", answer.text());
    };
    let limits = Limits::default();
    let (deep, deeper) = ("{ viewer { workspace { name } } }", "{ viewer { workspace { businessHours { name } } } }");
    let text = "4 levels of fields in the request; at most 3 are allowed";
    check(Bounds { depth: 3, ..usual }, limits, deep, deeper, text).await;
    let (few, many) = ("{ cases(first: 9) { edges { cursor } } }", "{ cases(first: 100) { edges { cursor } } }");
    let text = "300 fields that the request may resolve; at most 130 are allowed";
    check(Bounds { cost: 130, ..usual }, limits, few, many, text).await;
    let (one, two) = ("{ a: __typename }", "{ a: __typename b: __typename }");
    let text = "2 aliases in the request; at most 1 are allowed";
    check(Bounds { aliases: 1, ..usual }, limits, one, two, text).await;
    let text = "2 fields at the root of an operation; at most 1 are allowed";
    check(
        Bounds { root_fields: 1, ..usual },
        limits,
        one,
        "{ ...a } fragment a on Query { __typename viewer { role } }",
        text,
    )
    .await;
    let text = "more than 2 fields in the request; at most 2 are allowed";
    check(Bounds { fields: 2, ..usual }, limits, "{ viewer { role } }", "{ viewer { role subject } }", text).await;
    let text = "7 tokens in the document; at most 5 are allowed";
    check(usual, Limits { document_tokens: 5, ..limits }, "{ a: __typename }", "{ a : __typename # b\n }", text).await;
    let text = "19 bytes in the document; at most 18 are allowed";
    check(usual, Limits { document_bytes: 18, ..limits }, "{__typename}", "{ viewer { role } }", text).await;
}

#[tokio::test]
async fn directives_on_a_field_are_bounded() {
    let world = within(Bounds { directives: 1, ..Bounds::default() }, Limits::default()).await;
    let answer = ask(&world, &query("{ __typename @include(if: true) }")).await;
    assert_eq!(answer.json()["data"]["__typename"], "Query");
    let answer = ask(&world, &query("{ __typename @include(if: true) @skip(if: false) }")).await;
    let (code, text) = error(&answer);
    assert!(code == "LIMIT_EXCEEDED" && text.contains("directives"), "{code}: {text}");
}

#[tokio::test]
async fn a_request_says_what_it_costs() {
    let world = World::new().await;
    let cost = |answer: &Answer| (answer.header("x-cost-estimated").to_owned(), answer.header("x-cost-max").to_owned());
    let answer = ask(&world, &query("{ viewer { subject role } }")).await;
    assert_eq!(cost(&answer), ("3".to_owned(), "200000".to_owned()));
    // Again, when the answer is known already.
    assert_eq!(cost(&ask(&world, &query("{ viewer { subject role } }")).await), cost(&answer));
    let with = |first: i32| json!({"query": "query($n: Int) { cases(first: $n) { edges { cursor } } }", "variables": {"n": first}});
    let (few, many) = (ask(&world, &with(1)).await, ask(&world, &with(100)).await);
    let number = |answer: &Answer| cost(answer).0.parse::<u64>().unwrap();
    assert_eq!(number(&many) - number(&few), 99 * 2, "{} {}", number(&few), number(&many));
    // Over the bound, too.
    let dear = "{ cases(first: 100) { edges { node { slaClocks { explanation { from } } messages: timeline(first: 100) { edges { cursor } } } } } }";
    let tight = within(Bounds { cost: 100, ..Bounds::default() }, Limits::default()).await;
    let answer = ask(&tight, &query(dear)).await;
    assert_eq!(error(&answer).0, "LIMIT_EXCEEDED", "{}", answer.text());
    assert!(number(&answer) > 100 && cost(&answer).1 == "100", "{:?}", answer.headers);
}

#[tokio::test]
async fn a_document_that_came_before_is_judged_again() {
    let bounds = Bounds { cost: 1_000, has_introspection: false, ..Bounds::default() };
    let world = within(bounds, Limits::default()).await;
    let text = "query($n: Int, $all: Boolean = false) { cases(first: $n) { edges { cursor @include(if: $all) } } }";
    let with = |variables: Value| json!({ "query": text, "variables": variables });
    for _ in 0..2 {
        assert_eq!(ask(&world, &with(json!({"n": 2}))).await.json(), json!({"data": {"cases": {"edges": []}}}));
        // What depends on the values of variables, and what they must be.
        let costs = |answer: &Answer| answer.header("x-cost-estimated").parse::<u64>().unwrap();
        let few = ask(&world, &with(json!({"n": 2}))).await;
        assert!(costs(&ask(&world, &with(json!({"n": 90}))).await) > costs(&few));
        let (code, text) = error(&ask(&world, &with(json!({"n": "many"}))).await);
        assert!(code == "BAD_USER_INPUT" && text.contains("first"), "{code}: {text}");
        // And what depends on the schema alone.
        assert_eq!(error(&ask(&world, &query("{ nothing }")).await).0, "BAD_USER_INPUT");
        assert_eq!(error(&ask(&world, &query("{ viewer { role }")).await).0, "BAD_USER_INPUT");
        let dear = "{ cases(first: 100) { edges { node { timeline(first: 100) { edges { cursor } } } } } }";
        assert_eq!(error(&ask(&world, &query(dear)).await).0, "LIMIT_EXCEEDED");
        let introspection = ask(&world, &query("{ __schema { types { name } } }")).await;
        assert!(!introspection.text().contains("Query"), "{}", introspection.text());
    }
}

#[tokio::test]
async fn bodies_variables_and_answers_are_bounded() {
    let limits = Limits { body_bytes: 2_000, variables_bytes: 100, response_bytes: 300, ..Limits::default() };
    let world = within(Bounds::default(), limits).await;
    let with = |length: usize| json!({"query": "query($a: String) { cases(search: $a) { totalCount } }", "variables": {"a": "x".repeat(length)}});
    assert_eq!(ask(&world, &with(50)).await.status, StatusCode::OK);
    let answer = ask(&world, &with(200)).await;
    assert_eq!((answer.status, error(&answer).0.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED"));
    assert_eq!(error(&answer).1, "variables have 208 bytes; at most 100 are allowed");
    let answer = ask(&world, &with(2_000)).await;
    assert_eq!(error(&answer).1, "body is cut off or has more than 2000 bytes");
    let url = format!("/graphql?query=%7B__typename%7D&variables=%7B%22a%22:%22{}%22%7D", "x".repeat(200));
    let request = Request::get(url).header(header::AUTHORIZATION, format!("Bearer {}", world.token(Role::Owner)));
    assert_eq!(world.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let answer = ask(&world, &query("{ metricDefinitions(first: 50) { edges { node { id } } } }")).await;
    assert_eq!(error(&answer).1, "answer has more than 300 bytes; ask for less, by pages");
    assert!(answer.json().get("data").is_none());
}

#[tokio::test]
async fn batches_are_refused_unless_they_are_wanted() {
    let world = World::new().await;
    let two = json!([query("query A { viewer { role } }"), query("query B { viewer { nothing } }")]);
    let answer = ask(&world, &two).await;
    assert_eq!((answer.status, error(&answer).0.as_str()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"));
    let world = within(Bounds::default(), Limits { batch: 2, ..Limits::default() }).await;
    let answer = ask(&world, &two).await;
    let all = answer.json();
    assert_eq!((answer.status, all.as_array().map(Vec::len)), (StatusCode::OK, Some(2)), "{all}");
    assert_eq!(all[0], json!({"data": {"viewer": {"role": "OWNER"}}}));
    assert_eq!(all[1]["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert!(all[1].get("data").is_none());
    assert_eq!(answer.header("x-cost-estimated"), "2");
    let three = json!([query("{ __typename }"), query("{ __typename }"), query("{ __typename }")]);
    let answer = ask(&world, &three).await;
    assert_eq!(error(&answer).1, "batch has 3 operations; at most 2 are allowed");
    assert_eq!(error(&ask(&world, &json!([])).await).1, "batch has no operation");
}

#[tokio::test]
async fn a_viewer_who_asks_too_often_is_told_when_to_come_back() {
    let bounds = AdmissionBounds { rate: 1, burst: 3, ..AdmissionBounds::default() };
    let limits = Limits { batch: 5, ..Limits::default() };
    let world = World::opened(Bounds::default(), limits, |door| door.with_admission(bounds)).await;
    for _ in 0..3 {
        assert_eq!(ask(&world, &query("{ __typename }")).await.status, StatusCode::OK);
    }
    let answer = ask(&world, &query("{ __typename }")).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text());
    assert_eq!((answer.header("retry-after"), error(&answer).0.as_str()), ("1", "LIMIT_EXCEEDED"));
    // At every door; others are not held to account.
    let token = world.token(Role::Owner);
    let request = Request::get("/v1/analytics/metrics").header(header::AUTHORIZATION, &token);
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    let request = post("/ingest", &token).header(header::CONTENT_TYPE, "application/x-ndjson");
    assert_eq!(world.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::TOO_MANY_REQUESTS);
    let other = world.token_for("other", Role::Owner, None);
    let request = |body: &Value| {
        post("/graphql", &other).header(header::CONTENT_TYPE, JSON).body(body.to_string().into()).unwrap()
    };
    let batch = json!([query("{ __typename }"), query("{ __typename }"), query("{ __typename }")]);
    assert_eq!(world.send(request(&batch)).await.status, StatusCode::OK, "each operation counts");
    assert_eq!(world.send(request(&query("{ __typename }"))).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn who_finds_no_place_is_refused_at_once_and_a_place_comes_free() {
    let short = Duration::from_millis(20);
    let bounds = AdmissionBounds { running: 1, waiting: 0, longest_wait: short, ..AdmissionBounds::default() };
    let world = World::opened(Bounds::default(), Limits::default(), |door| door.with_admission(bounds)).await;
    let place = world.door.admission.enter().await.unwrap();
    let answer = ask(&world, &query("{ cases { totalCount } }")).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    assert_eq!(error(&answer), ("UNAVAILABLE".into(), "1 requests are at work and 0 wait; try again later".into()));
    let request = Request::get("/v1/analytics/metrics").header(header::AUTHORIZATION, world.token(Role::Owner));
    let answer = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    drop(place);
    assert_eq!(ask(&world, &query("{ cases { totalCount } }")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_schema_and_its_names_can_be_kept_quiet() {
    let (schema, typo) = ("{ __schema { types { name } } }", "{ viewer { subjet } }");
    let world = World::new().await;
    assert!(ask(&world, &query(schema)).await.json()["data"]["__schema"]["types"].is_array());
    assert!(error(&ask(&world, &query(typo)).await).1.contains("subject"));
    let quiet = Bounds { has_introspection: false, has_suggestions: false, ..Bounds::default() };
    let world = within(quiet, Limits::default()).await;
    for text in [schema, "{ __type(name: \"Case\") { name } }"] {
        let answer = ask(&world, &query(text)).await;
        assert!(!answer.text().contains("\"name\""), "{}", answer.text());
    }
    let (_, text) = error(&ask(&world, &query(typo)).await);
    assert!(text.contains("subjet") && !text.contains("subject"), "{text}");
}

/// What a page of another site can have a browser send without asking first has no token with it, and is in no form that is read.
#[tokio::test]
async fn other_sites_get_nothing_by_a_browser() {
    let world = World::new().await;
    let token = format!("Bearer {}", world.token(Role::Owner));
    let body = || query("{ viewer { role } }").to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let mut request = Request::post("/graphql").header(header::AUTHORIZATION, &token);
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let answer = world.send(request.body(body().into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    let cookie = format!("token={}; authorization={token}", world.token(Role::Owner));
    for (name, value) in [("cookie", cookie.as_str()), ("origin", "https://evil.example")] {
        let request = Request::get("/graphql?query=%7Bviewer%7Brole%7D%7D").header(name, value);
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
    }
}

#[tokio::test]
async fn only_pages_of_named_sites_may_read_answers() {
    let preflight = |path: &str, origin: &str| {
        let request = Request::builder().method(Method::OPTIONS).uri(path).header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        request.header("access-control-request-headers", "authorization,content-type").body(Body::empty()).unwrap()
    };
    let allowed = |answer: &Answer| answer.header("access-control-allow-origin").to_owned();
    let world = World::new().await;
    let answer = world.send(preflight("/graphql", "https://desk.example")).await;
    assert_eq!((answer.status, allowed(&answer)), (StatusCode::METHOD_NOT_ALLOWED, String::new()));
    let named = OpenTo { origins: vec!["https://desk.example".to_owned()], ..OpenTo::default() };
    let world = World::opened(Bounds::default(), Limits::default(), |door| door.open_to(named)).await;
    for path in ["/graphql", "/ingest", "/v1/analytics/metrics/x/data"] {
        let answer = world.send(preflight(path, "https://desk.example")).await;
        assert_eq!((answer.status, allowed(&answer).as_str()), (StatusCode::OK, "https://desk.example"), "{path}");
        assert_eq!(answer.header("access-control-allow-headers"), "authorization,content-type");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        assert_eq!(allowed(&world.send(preflight(path, "https://evil.example")).await), "");
    }
    let request = post("/graphql", &world.token(Role::Owner)).header("origin", "https://desk.example");
    let request = request.header(header::CONTENT_TYPE, JSON).body(query("{ __typename }").to_string().into()).unwrap();
    let answer = world.send(request).await;
    assert_eq!(allowed(&answer), "https://desk.example");
    assert!(answer.header("access-control-expose-headers").contains("x-cost-estimated"));
}

/// What was found right once is not judged again, unless what is asked with may make it wrong.
#[tokio::test]
async fn a_document_that_was_right_is_judged_where_values_may_make_it_wrong() {
    let document = "query($from: DateTime!, $zone: TimeZone, $by: Dimension!, $first: Int!, $on: Boolean = true) {
        metrics(period: {interval: {from: $from, until: \"2026-02-01T00:00:00Z\"}}, timezone: $zone) {
            createdCases { count @include(if: $on) by(dimension: $by, first: $first) { key { label } metric { count } } } } }";
    let good = json!({"from": "2026-01-01T00:00:00Z", "zone": "Asia/Kathmandu", "by": "TEAM", "first": 3});
    let mut cases = vec![good.clone()];
    for (name, value) in [
        ("from", json!("2026-01-02T00:00:00Z")),
        ("from", json!("2026-03-01T00:00:00Z")),
        ("from", json!("yesterday")),
        ("from", json!(7)),
        ("from", json!({"a": 1})),
        ("from", json!(["2026-01-01T00:00:00Z"])),
        ("from", Value::Null),
        ("zone", json!("Mars/Olympus")),
        ("zone", Value::Null),
        ("by", json!("COLOUR")),
        ("by", json!("AGENT")),
        ("first", json!(100)),
        ("first", json!(-1)),
        ("first", json!(1_000_000)),
        ("first", json!("3")),
        ("on", json!(false)),
        ("on", json!("no")),
        ("more", json!("x")),
    ] {
        let mut other = good.clone();
        other[name] = value;
        cases.push(other);
    }
    let world = within(Bounds { cost: 3_000, ..Bounds::default() }, Limits::default()).await;
    let mut codes = Vec::new();
    for (place, variables) in cases.iter().enumerate() {
        ask(&world, &json!({"query": document, "variables": good})).await;
        let kept = ask(&world, &json!({"query": document, "variables": variables})).await;
        // Another text is another document.
        let fresh = format!("{document} # {place}");
        let fresh = ask(&world, &json!({"query": fresh, "variables": variables})).await;
        assert_eq!((kept.status, kept.text()), (fresh.status, fresh.text()), "{variables}");
        assert_eq!(kept.headers.get("x-cost-estimated"), fresh.headers.get("x-cost-estimated"), "{variables}");
        codes.push(error(&kept).0);
    }
    let wrong = codes.iter().filter(|code| !code.is_empty()).count();
    assert_eq!((codes[0].as_str(), codes.len() - wrong), ("", 7), "{codes:?}");
    // An object where a list of them is expected hides variables from a part of the judge, and all operations of a document count.
    for (document, operation, good, bad) in [
        (
            "query($m: JSON!) { table(period: {preset: TODAY}, metrics: {metric: $m}) { totalRows } viewer { subject } }",
            None,
            json!({"m": "CREATED_CASES"}),
            json!({"m": "COLOUR"}),
        ),
        (
            "query($v: DateTime!) { table(period: {preset: TODAY}, metrics: {metric: CREATED_CASES, as: $v}) { totalRows } viewer { subject } }",
            None,
            json!({"v": "2026-01-01T00:00:00Z"}),
            json!({"v": 7}),
        ),
        (
            "query A($n: Long!) { case(by: {number: $n}) { id } } query B($n: Int!) { agents(first: $n) { edges { node { id } } } }",
            Some("A"),
            json!({"n": 1}),
            json!({"n": 100}),
        ),
    ] {
        let body =
            |text: &str, variables: &Value| json!({"query": text, "operationName": operation, "variables": variables});
        let first = ask(&world, &body(document, &good)).await;
        assert_eq!(error(&first).0, "", "{document}");
        let kept = ask(&world, &body(document, &bad)).await;
        let fresh = ask(&world, &body(&format!("{document} #"), &bad)).await;
        assert_eq!((kept.status, kept.text()), (fresh.status, fresh.text()), "{document}");
        assert_eq!(kept.headers.get("x-cost-estimated"), fresh.headers.get("x-cost-estimated"), "{document}");
    }
}
