//! Conformance cases: what the documentation of a unified system says of a certain case, asked through HTTP.

use serde_json::{Value, json};

use crate::world::World;

/// Kayako's sample: the assignee is set at creation, an agent replies once and sets the status in the same action 402 seconds after
/// creation, nothing else happens, and it is outside business hours. 3 March 2026 is a Tuesday; it is open from 09:00 to 17:00 UTC.
const SAMPLE: &str = r#"
{"type":"workspace","name":"Acme","timezone":"UTC","business_hours":"office"}
{"type":"business_hours","id":"office","name":"Office","timezone":"UTC","weekly":{"monday":[["09:00","17:00"]],"tuesday":[["09:00","17:00"]]}}
{"type":"agent","id":"a1","number":1,"name":"Sarah Chen","kind":"human"}
{"type":"customer","id":"cu1","name":"Kim"}
{"type":"case","id":"k1","number":1,"created_at":"2026-03-03T20:00:00Z","channel":"email","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"assignee":"a1"}
{"type":"message","case":"k1","id":"m1","at":"2026-03-03T20:00:00Z","author":{"kind":"customer","id":"cu1"},"opening":true}
{"type":"message","case":"k1","id":"m2","at":"2026-03-03T20:06:42Z","author":{"kind":"agent","id":"a1"},"action":"x1"}
{"type":"status_change","case":"k1","id":"s1","at":"2026-03-03T20:06:42Z","status":"open","actor":{"kind":"agent","id":"a1"},"action":"x1"}
"#;

const FIGURES: &str = "
    isFirstContactResolved wasReopened lastReopenedAt firstAssignmentAt lastAssignmentAt
    lastActivityByRequesterAt lastActivityByAssigneeAt lastReplyByAgentAt lastReplyByAssigneeAt
    lastReplyByRequesterAt lastReplyByCustomerAt agentUpdatedAt customerUpdatedAt requesterUpdatedAt
    teamUpdatedAt priorityUpdatedAt typeUpdatedAt statusUpdatedAt reopenCount resolutionAt
    agentsToResolution repliesToResolution lastReplier { ... on Agent { number } } resolvedBy { __typename }
    resolutionCalendarTime resolutionBusinessTime averageCalendarResponseTime averageBusinessResponseTime
    agentFirstCalendarResponseTime agentFirstBusinessResponseTime agentCalendarWaitTime agentBusinessWaitTime
    customerCalendarWaitTime customerBusinessWaitTime priorityChangeCount slaChangeCount agentReplyCount
    requesterReplyCount assigneeChangeCount teamChangeCount agentTouchCount";

#[tokio::test]
async fn k1_a_case_with_one_reply_has_the_figures_of_kayakos_sample() {
    let world = World::new().await;
    let report = world.ingest(SAMPLE).await;
    assert_eq!((&report["accepted"], &report["rejected"]), (&json!(8), &json!([])));

    let answer = world.ask(&format!("{{ case(by: {{number: 1}}) {{ metrics {{ {FIGURES} }} }} }}")).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    let figures = &answer["data"]["case"]["metrics"];

    let replied_at = json!("2026-03-03T20:06:42.000Z");
    let mut expected = json!({
        "isFirstContactResolved": false,
        "wasReopened": false,
        "lastActivityByAssigneeAt": replied_at,
        "lastReplyByAgentAt": replied_at,
        "lastReplyByAssigneeAt": replied_at,
        "agentUpdatedAt": replied_at,
        "statusUpdatedAt": replied_at,
        "lastReplier": {"number": 1},
        "agentFirstCalendarResponseTime": 402,
        "agentReplyCount": 1,
        "agentTouchCount": 1,
    });
    // Every other count, wait and average is 0, every other instant and person null.
    let zeros = [
        "reopenCount",
        "agentsToResolution",
        "repliesToResolution",
        "resolutionCalendarTime",
        "resolutionBusinessTime",
        "averageCalendarResponseTime",
        "averageBusinessResponseTime",
        "agentFirstBusinessResponseTime",
        "agentCalendarWaitTime",
        "agentBusinessWaitTime",
        "customerCalendarWaitTime",
        "customerBusinessWaitTime",
        "priorityChangeCount",
        "slaChangeCount",
        "requesterReplyCount",
        "assigneeChangeCount",
        "teamChangeCount",
    ];
    let nulls = [
        "lastReopenedAt",
        "firstAssignmentAt",
        "lastAssignmentAt",
        "lastActivityByRequesterAt",
        "lastReplyByRequesterAt",
        "lastReplyByCustomerAt",
        "customerUpdatedAt",
        "requesterUpdatedAt",
        "teamUpdatedAt",
        "priorityUpdatedAt",
        "typeUpdatedAt",
        "resolutionAt",
        "resolvedBy",
    ];
    zeros.iter().for_each(|name| expected[*name] = json!(0));
    nulls.iter().for_each(|name| expected[*name] = Value::Null);
    assert_eq!(figures, &expected);
    assert_eq!(figures.as_object().map(serde_json::Map::len), Some(41));
}
