//! A case with everything on it, field by field; the people and places around it.

use serde_json::json;

use super::world::{Graph, at, texts};

#[tokio::test]
async fn a_case_shows_what_it_is_now() {
    let graph = Graph::new().await;
    let data = graph
        .ask(
            r#"{ case(by: {number: 184472}) {
                number externalId subject state status statusLabel priority caseType initialDirection
                createdAt updatedAt closedAt channel { externalId label } initialChannel { externalId label }
                contactPoint { externalId label address channel { externalId } }
                requester { externalId name createdAt } assignee { username } team { name } queue { name }
                tags { externalId name } attributes { name value } mergedInto { externalId }
                slaPolicy { externalId name from }
            } }"#,
        )
        .await;
    // Created normal, then: assigned to a1 and taken out of its queue, waiting for the vendor, tagged, resolved; never closed.
    assert_eq!(
        data["case"],
        json!({
            "number": 184472, "externalId": "c1", "subject": "Where is my refund?", "state": "ACTIVE",
            "status": "RESOLVED", "statusLabel": "Resolved", "priority": "normal", "caseType": "question",
            "initialDirection": "INBOUND", "createdAt": "2026-05-26T08:00:00.000Z",
            "updatedAt": "2026-05-26T11:00:00.000Z", "closedAt": null,
            "channel": {"externalId": "email", "label": "Email"}, "initialChannel": {"externalId": "phone", "label": "phone"},
            "contactPoint": {"externalId": "cp1", "label": "Help desk", "address": "help@acme.test", "channel": {"externalId": "email"}},
            "requester": {"externalId": "cu1", "name": "Kim", "createdAt": "2026-01-02T03:04:05.000Z"},
            "assignee": {"username": "sarah"}, "team": {"name": "Billing"}, "queue": null,
            "tags": [{"externalId": "beta", "name": "Beta"}, {"externalId": "vip", "name": "VIP"}],
            "attributes": [{"name": "area", "value": "north"}, {"name": "brand", "value": "x"}],
            "mergedInto": null, "slaPolicy": {"externalId": "gold", "name": "Gold", "from": null},
        })
    );
}

#[tokio::test]
async fn a_case_that_does_not_count_is_found_but_not_listed() {
    let graph = Graph::new().await;
    let data = graph
        .ask(
            r#"{ spam: case(by: {externalId: "c3"}) { state metrics { agentReplyCount } slaClocks { id } ratings { id } }
                 merged: case(by: {externalId: "c4"}) { state mergedInto { externalId } }
                 cases { totalCount edges { node { externalId } } } }"#,
        )
        .await;
    assert_eq!(data["spam"]["state"], "SPAM");
    assert_eq!(data["merged"], json!({"state": "MERGED", "mergedInto": {"externalId": "c1"}}));
    assert_eq!(texts(&data, "cases.edges.node.externalId"), "c2 k1 c1 c5");
    assert_eq!(data["cases"]["totalCount"], 4);
}

#[tokio::test]
async fn case_metrics_are_whole_seconds_and_nulls() {
    let graph = Graph::new().await;
    let data = graph
        .ask(
            r#"{ case(by: {externalId: "c1"}) { metrics {
                isFirstContactResolved wasReopened reopenCount firstAssignmentAt lastReplyByRequesterAt resolutionAt
                resolutionCalendarTime resolutionBusinessTime averageCalendarResponseTime agentFirstCalendarResponseTime
                agentFirstBusinessResponseTime customerCalendarWaitTime agentCalendarWaitTime
                agentsToResolution repliesToResolution agentReplyCount requesterReplyCount slaChangeCount assigneeChangeCount
                lastReopenedAt lastReplier { __typename ... on Agent { username } } resolvedBy { ... on Agent { externalId } }
                reactionSeconds firstResponseFromCustomerMessageSeconds chatDurationSeconds serviceSeconds
            } } }"#,
        )
        .await;
    // Tuesday 10:00 in Copenhagen: assigned at 08:05Z, replied 08:20Z; customer again 10:00Z, answered 10:10Z; resolved 10:11Z.
    assert_eq!(
        data["case"]["metrics"],
        json!({
            "isFirstContactResolved": false, "wasReopened": false, "reopenCount": 0,
            "firstAssignmentAt": "2026-05-26T08:05:00.000Z", "lastReplyByRequesterAt": "2026-05-26T10:00:00.000Z",
            "resolutionAt": "2026-05-26T10:11:00.000Z",
            "resolutionCalendarTime": 7860, "resolutionBusinessTime": 7860, "averageCalendarResponseTime": 600,
            "agentFirstCalendarResponseTime": 1200, "agentFirstBusinessResponseTime": 1200,
            "customerCalendarWaitTime": 600, "agentCalendarWaitTime": 6000,
            "agentsToResolution": 1, "repliesToResolution": 2, "agentReplyCount": 2, "requesterReplyCount": 1,
            "slaChangeCount": 0, "assigneeChangeCount": 1, "lastReopenedAt": null,
            "lastReplier": {"__typename": "Agent", "username": "sarah"}, "resolvedBy": {"externalId": "a1"},
            "reactionSeconds": 900.0, "firstResponseFromCustomerMessageSeconds": 1200.0,
            "chatDurationSeconds": null, "serviceSeconds": null,
        })
    );
}

#[tokio::test]
async fn an_erased_subject_is_nowhere_to_be_read() {
    let graph = Graph::new().await;
    graph
        .ingest(
            "acme",
            r#"{"type":"change","case":"c1","id":"s1","at":"2026-05-26T10:30:00Z","field":"subject","to":"Refund of my secret order"}"#,
        )
        .await;
    let query = r#"{ case(by: {externalId: "c1"}) { subject attributes { name }
        timeline(kinds: [PROPERTY_CHANGE]) { edges { node { ... on PropertyChange { field to } } } } }
        cases(search: "secret") { totalCount } }"#;
    let before = graph.ask(query).await;
    assert_eq!(before["case"]["subject"], "Refund of my secret order");
    assert_eq!(before["cases"]["totalCount"], 1);
    assert!(texts(&before, "case.timeline.edges.node.to").contains("Refund of my secret order"));

    graph.ingest("acme", r#"{"type":"erase","of":"customer","id":"cu1"}"#).await;
    let after = graph.ask(query).await;
    let text = after.to_string();
    assert!(!text.contains("secret") && !text.contains("erased:"), "{text}");
    assert_eq!((&after["case"]["subject"], &after["case"]["attributes"]), (&json!(null), &json!([])));
    assert_eq!(after["cases"]["totalCount"], 0);
    let changes = at(&after, "case.timeline.edges.node");
    assert!(
        !changes.is_empty()
            && after["case"]["timeline"]["edges"]
                .as_array()
                .unwrap()
                .iter()
                .any(|edge| { edge["node"] == json!({"field": "SUBJECT", "to": null}) }),
        "{text}"
    );
}

#[tokio::test]
async fn clocks_explain_themselves() {
    let graph = Graph::new().await;
    let data = graph
        .ask(
            r#"{ case(by: {externalId: "c1"}) { slaClocks {
                case { externalId } policy { name } metric state isPaused isBreached clock goalSeconds startedAt dueAt completedAt
                elapsedSeconds remainingSeconds agent { externalId } team { externalId }
                explanation { from until counted reason seconds }
            } } }"#,
        )
        .await;
    let clocks = data["case"]["slaClocks"].as_array().unwrap();
    assert_eq!(texts(&data, "case.slaClocks.metric"), "FIRST_REPLY RESOLUTION");
    assert_eq!(
        clocks[0],
        json!({
            "case": {"externalId": "c1"}, "policy": {"name": "Gold"}, "metric": "FIRST_REPLY", "state": "FULFILLED",
            "isPaused": false, "isBreached": false, "clock": "CALENDAR", "goalSeconds": 1800.0,
            "startedAt": "2026-05-26T08:00:00.000Z", "dueAt": "2026-05-26T08:30:00.000Z",
            "completedAt": "2026-05-26T08:20:00.000Z", "elapsedSeconds": 1200.0, "remainingSeconds": null,
            "agent": {"externalId": "a1"}, "team": {"externalId": "t1"},
            "explanation": [{"from": "2026-05-26T08:00:00.000Z", "until": "2026-05-26T08:20:00.000Z", "counted": true,
                "reason": "RUNNING", "seconds": 1200.0}],
        })
    );
    // The resolution clock counted from creation until the vendor was waited for, and no more until the resolution.
    assert_eq!(clocks[1]["elapsedSeconds"], 1200.0);
    assert_eq!(texts(&clocks[1], "explanation.reason"), "RUNNING PAUSED");
    let counted: f64 = at(&clocks[1], "explanation")
        .iter()
        .flat_map(|list| list.as_array().unwrap().clone())
        .filter(|interval| interval["counted"] == true)
        .map(|interval| interval["seconds"].as_f64().unwrap())
        .sum();
    assert_eq!(counted, 1200.0);
}

#[tokio::test]
async fn a_timeline_tells_what_happened() {
    let graph = Graph::new().await;
    let data = graph
        .ask(
            r#"{ case(by: {externalId: "c1"}) {
                timeline { totalCount edges { node { __typename externalId at seq action case { externalId }
                    actor { kind person { ... on Agent { username } ... on Customer { name } } }
                    ... on Message { author { kind } visibility isOpening editedAt }
                    ... on Assignment { kind isAgentSet agent { externalId } isTeamSet team { externalId } isQueueSet queue { externalId } }
                    ... on StatusChange { status statusId }
                    ... on PropertyChange { field to }
                    ... on SlaApplication { policy { name } }
                    ... on RatingEvent { offeredAt score comment agent { externalId } team { externalId } queue { externalId } }
                } } }
                changes: timeline(kinds: [STATUS_CHANGE, SLA_APPLICATION], first: 2) {
                    totalCount pageInfo { hasNextPage } edges { node { externalId } } }
                ratings { externalId case { number } ratedAt offeredAt score comment agent { name } team { name } queue { name } }
            } }"#,
        )
        .await;
    let timeline = &data["case"]["timeline"];
    assert_eq!(timeline["totalCount"], 11);
    assert_eq!(texts(timeline, "edges.node.externalId"), "m1 e2 e4 m3 m5 m6 e7 e9 m8 e10 r1");
    let event = |id: &str| {
        let events = at(timeline, "edges.node");
        let mut event = events.into_iter().find(|event| event["externalId"] == id).unwrap();
        let event_fields = event.as_object_mut().unwrap();
        for common in ["externalId", "at", "case"] {
            event_fields.remove(common);
        }
        event
    };
    let system = json!({"kind": "SYSTEM", "person": null});
    let sarah = json!({"kind": "AGENT", "person": {"username": "sarah"}});
    let kim = json!({"kind": "CUSTOMER", "person": {"name": "Kim"}});
    assert_eq!(
        event("m1"),
        json!({"__typename": "Message", "seq": null, "action": null, "actor": kim, "author": {"kind": "CUSTOMER"}, "visibility": "PUBLIC", "isOpening": true, "editedAt": null})
    );
    assert_eq!(event("m3")["editedAt"], "2026-05-26T08:21:00.000Z");
    assert_eq!(
        event("e2"),
        json!({"__typename": "Assignment", "seq": 3, "action": null, "actor": system, "kind": "ASSIGN",
            "isAgentSet": true, "agent": {"externalId": "a1"}, "isTeamSet": false, "team": null, "isQueueSet": true, "queue": null})
    );
    assert_eq!(
        event("e4"),
        json!({"__typename": "StatusChange", "seq": null, "action": "x1", "actor": sarah, "status": "ON_HOLD", "statusId": "vendor"})
    );
    assert_eq!(
        (event("e7")["field"].clone(), event("e7")["to"].clone(), event("e7")["actor"]["kind"].clone()),
        (json!("TAG_ADDED"), json!("beta"), json!("BOT"))
    );
    assert_eq!(event("e9")["policy"], json!({"name": "Gold"}));
    assert_eq!(event("r1")["score"], 5);
    assert_eq!(event("r1")["team"], json!(null));
    assert_eq!(data["case"]["changes"]["totalCount"], 3);
    assert_eq!(texts(&data, "case.changes.edges.node.externalId"), "e4 e9");
    assert_eq!(data["case"]["changes"]["pageInfo"]["hasNextPage"], true);
    assert_eq!(
        data["case"]["ratings"],
        json!([{"externalId": "r1", "case": {"number": 184472}, "ratedAt": "2026-05-26T11:00:00.000Z",
            "offeredAt": "2026-05-26T10:12:00.000Z", "score": 5, "comment": "Thanks", "agent": {"name": "Sarah Chen"},
            "team": {"name": "Billing"}, "queue": null}])
    );
}
