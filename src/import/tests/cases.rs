//! Lines about cases and their events.

use super::*;

#[test]
fn reads_cases() {
    good(
        r#"{"type":"case","id":"c1","number":184472,"created_at":"2026-01-01T00:00:00.5Z","channel":"email","initial_channel":null,
            "direction":"outbound","contact_point":"cp1","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"priority":"normal",
            "case_type":"question","subject":"Where is it?","team":"t1","queue":"q1","assignee":null,"tags":["vip","a"],
            "state":"merged","merged_into":"c0","attributes":{"brand":"x"}}"#,
        Line::Case(Box::new(CaseLine {
            id: "c1".into(),
            number: Some(184_472),
            created_at: Some(at("2026-01-01T00:00:00.500Z")),
            channel: some("email"),
            initial_channel: Patch::Null,
            direction: Some(Direction::Outbound),
            contact_point: value("cp1"),
            requester: value("cu1"),
            creator: person(ActorKind::Customer, "cu1"),
            priority: value("normal"),
            case_type: value("question"),
            subject: value("Where is it?"),
            team: value("t1"),
            queue: value("q1"),
            assignee: Patch::Null,
            tags: Some(vec!["vip".into(), "a".into()]),
            state: Some(CaseState::Merged),
            merged_into: value("c0"),
            attributes: Some([("brand".to_owned(), "x".to_owned())].into()),
        })),
    );
    good(r#"{"type":"case","id":"c1"}"#, Line::Case(Box::new(CaseLine { id: "c1".into(), ..CaseLine::default() })));
    let line = |rest: &str| format!(r#"{{"type":"case","id":"c1",{rest}}}"#);
    bad(r#"{"type":"case"}"#, "id", "is required");
    bad(&line(r#""created_at":null"#), "created_at", "not null");
    bad(&line(r#""channel":null"#), "channel", "must be a text, not null");
    bad(&line(r#""direction":"in""#), "direction", "must be one of: inbound, outbound");
    bad(&line(r#""state":null"#), "state", "active, spam, merged; not null");
    bad(&line(r#""tags":null"#), "tags", "must be a list, not null");
    bad(&line(r#""tags":["a",1]"#), "tags[1]", "must be a text, not a number");
    bad(&line(r#""creator":"cu1""#), "creator", "must be an object");
    bad(&line(r#""creator":{"id":"cu1"}"#), "creator.kind", "is required");
    bad(&line(r#""creator":{"kind":"user"}"#), "creator.kind", "customer, agent, bot, system");
    bad(&line(r#""attributes":{"brand":1}"#), "attributes.brand", "must be a text, not a number");
    bad(&line(r#""attributes":["x"]"#), "attributes", "must be an object, not a list");
    bad(&line(r#""status":"open""#), "status", "is unknown here; allowed: type, id, number, created_at");
    takes(&line(r#""number":-9007199254740991"#));
    for number in ["9007199254740992", "-9007199254740992", "-9223372036854775808", "18446744073709551615", "1.0"] {
        bad(&line(&format!(r#""number":{number}"#)), "number", "must be an integer within ±9007199254740991");
    }
    bad(&line(r#""number":null"#), "number", "must be an integer, not null");
}

fn event(id: &str, actor: Patch<Actor>, body: EventPatch) -> Line {
    Line::Event(Box::new(EventLine {
        id: id.into(),
        case: "c1".into(),
        at: at("2026-01-02T03:04:05Z"),
        seq: Patch::Absent,
        actor,
        action: Patch::Absent,
        body,
    }))
}

fn event_text(kind: &str, rest: &str) -> String {
    format!(r#"{{"type":"{kind}","case":"c1","at":"2026-01-02T03:04:05Z"{rest}}}"#)
}

#[test]
fn reads_messages() {
    good(
        r#"{"type":"message","case":"c1","id":"m1","at":"2026-01-02T03:04:05Z","seq":-1,"author":{"kind":"customer","id":null},"action":null,"visibility":"internal","opening":true,"edited_at":null}"#,
        Line::Event(Box::new(EventLine {
            id: "m1".into(),
            case: "c1".into(),
            at: at("2026-01-02T03:04:05Z"),
            seq: Patch::Value(-1),
            actor: Patch::Value(Actor { kind: ActorKind::Customer, id: None }),
            action: Patch::Null,
            body: EventPatch::Message {
                visibility: Some(Visibility::Internal),
                opening: Patch::Value(true),
                edited_at: Patch::Null,
            },
        })),
    );
    let line = |rest: &str| event_text("message", &format!(r#","id":"m1",{rest}"#));
    bad(&event_text("message", ""), "id", "is required");
    bad(&line(r#""actor":{"kind":"agent"}"#), "actor", "is unknown here; allowed: type, id, case, at, seq, author");
    bad(&line(r#""author":{"kind":"agent","name":"x"}"#), "author.name", "allowed: kind, id");
    bad(&line(r#""author":{"kind":"agent","id":""}"#), "author.id", "1 to 200");
    bad(&line(r#""visibility":null"#), "visibility", "public, internal; not null");
    bad(&line(r#""opening":1"#), "opening", "must be true or false, not a number");
    bad(&line(r#""edited_at":"2026-03-02T00:00:00.001Z""#), "edited_at", "is later than a day from now");
    bad(&line(r#""body":"secret""#), "body", "is unknown here");
    bad(r#"{"type":"message","id":"m1","at":"2026-01-02T03:04:05Z"}"#, "case", "is required");
    bad(r#"{"type":"message","id":"m1","case":"c1"}"#, "at", "is required");
    bad(r#"{"type":"message","id":"m1","case":"c1","at":null}"#, "at", "not null");
}

#[test]
fn reads_assignments_status_and_property_changes() {
    let agent = || person(ActorKind::Agent, "a1");
    let of_agent = r#","actor":{"id":"a1","kind":"agent"}"#;
    good(
        &event_text("assignment", &format!(r#","id":"e","kind":"transfer","agent":null,"team":"t1"{of_agent}"#)),
        event(
            "e",
            agent(),
            EventPatch::Assignment {
                kind: Some(AssignmentKind::Transfer),
                agent: Patch::Null,
                team: value("t1"),
                queue: Patch::Absent,
            },
        ),
    );
    good(
        &event_text("status_change", &format!(r#","id":"e","status":"waiting"{of_agent}"#)),
        event("e", agent(), EventPatch::StatusChange { status: some("waiting") }),
    );
    let change = |field, to| event("e", Patch::Null, EventPatch::Change { field: Some(field), to });
    let text = |rest: &str| event_text("change", &format!(r#","id":"e","actor":null,{rest}"#));
    good(&text(r#""field":"priority","to":null"#), change(ChangeField::Priority, Patch::Null));
    good(&text(r#""field":"tag_added","to":"vip""#), change(ChangeField::TagAdded, value("vip")));
    let long = "x".repeat(201);
    good(&text(&format!(r#""field":"subject","to":"{long}""#)), change(ChangeField::Subject, value(&long)));
    bad(&text(&format!(r#""field":"team","to":"{long}""#)), "to", "1 to 200");
    bad(&text(&format!(r#""to":"{long}""#)), "to", "1 to 200");
    bad(&text(r#""field":"tag_removed","to":null"#), "to", "must name a tag");
    bad(&text(r#""field":"status","to":"x""#), "field", "priority, case_type, team, requester, tag_added");
    bad(&event_text("assignment", r#","kind":"give""#), "kind", "assign, take, transfer, offer, unassign");
    bad(&event_text("status_change", r#","status":null"#), "status", "must be a text, not null");
    bad(&event_text("status_change", r#","seq":1.5"#), "seq", "must be an integer");
}

#[test]
fn reads_policies_applied_and_ratings() {
    good(
        &event_text("sla", r#","id":"e","policy":null"#),
        event("e", Patch::Absent, EventPatch::Sla { policy: Patch::Null }),
    );
    good(
        &event_text(
            "rating",
            r#","id":"r1","offered_at":"2026-01-01T00:00:00Z","score":5,"comment":"Thanks","agent":"a1","team":null"#,
        ),
        event(
            "r1",
            Patch::Absent,
            EventPatch::Rating {
                offered_at: Patch::Value(at("2026-01-01T00:00:00Z")),
                score: Patch::Value(5),
                comment: value("Thanks"),
                agent: value("a1"),
                team: Patch::Null,
                queue: Patch::Absent,
            },
        ),
    );
    takes(&event_text("rating", r#","id":"r1","score":null"#));
    bad(&event_text("rating", r#","score":5"#), "id", "is required");
    for score in ["0", "6", "4.5", "5.0", "-1"] {
        bad(
            &event_text("rating", &format!(r#","id":"r1","score":{score}"#)),
            "score",
            "must be an integer from 1 to 5",
        );
    }
    bad(&event_text("rating", r#","id":"r1","score":"5""#), "score", "not a text");
    let comment = "é".repeat(10_000);
    takes(&event_text("rating", &format!(r#","id":"r1","comment":"{comment}""#)));
    bad(
        &event_text("rating", &format!(r#","id":"r1","comment":"{comment}.""#)),
        "comment",
        "longer than 10000 characters",
    );
}

#[test]
fn an_event_without_id_is_known_by_its_content() {
    let id = |text: &str| match decode_line(1, text.as_bytes(), now()) {
        Ok(Some(NumberedLine { line: Line::Event(event), .. })) => event.id,
        other => panic!("{text}: {other:?}"),
    };
    let one = id(&event_text("status_change", r#","status":"open","seq":3"#));
    assert_eq!(one.len(), 32);
    assert_eq!(
        one,
        id(r#"{"seq":3,"status":"open","at":"2026-01-02T04:04:05+01:00","case":"c1","type":"status_change"}"#)
    );
    assert_ne!(one, id(&event_text("status_change", r#","status":"open","seq":4"#)));
    bad(&event_text("status_change", r#","id":null,"status":"open""#), "id", "must be a text, not null");
}

#[test]
fn refuses_ids_instants_and_types_that_are_none() {
    let tag = |id: &str| format!(r#"{{"type":"tag","id":{id}}}"#);
    takes(&tag(&format!("\"{}\"", "é".repeat(200))));
    bad(&tag(&format!("\"{}\"", "é".repeat(201))), "id", "longer than 200 characters");
    bad(&tag("\"\""), "id", "1 to 200");
    bad(&tag("7"), "id", "must be a text, not a number");
    bad(&tag(r#""a\u0000b""#), "id", "U+0000");
    bad(&format!(r#"{{"type":"tag","id":"x","name":"{}"}}"#, "x".repeat(1001)), "name", "longer than 1000");
    bad(r#"{"type":"tag","id":"x","name":null}"#, "name", "must be a text, not null");

    let status = |at: &str| format!(r#"{{"type":"status_change","case":"c1","at":"{at}","status":"open"}}"#);
    for at in
        ["2026-03-02T00:00:00Z", "2026-02-28T23:59:60Z", "0000-01-01t00:00:00z", "2026-01-01T00:00:00.123456789-23:59"]
    {
        takes(&status(at));
    }
    bad(&status("2026-03-02T00:00:00.001Z"), "at", "is later than a day from now (2026-03-01T00:00:00.000Z)");
    for at in [
        "",
        "now",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-01-01T00:00:00+01",
        "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00,5Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T25:00:00Z",
        "2026-01-01T00:00:00Z[UTC]",
        "+002026-01-01T00:00:00Z",
        "20260101T000000Z",
        "2026-01-01T00:00:00é",
    ] {
        bad(&status(at), "at", "must be an RFC 3339 instant with offset");
    }
    bad(r#"{"id":"x"}"#, "type", "is required: one of workspace, ");
    bad(r#"{"type":null}"#, "type", "must be a text, not null");
    bad(r#"{"type":"ticket","id":"x"}"#, "type", "`ticket` is unknown; must be one of: workspace, ");
    bad(r#"{"type":"erase","of":"team","id":"x"}"#, "of", "case, message, customer, agent");
    bad(r#"{"type":"presence","agent":"a","at":"2026-01-01T00:00:00Z"}"#, "status", "is required");
}
