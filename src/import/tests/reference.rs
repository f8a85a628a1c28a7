//! Lines about people, places, schedules, statuses and policies.

use super::*;
use crate::model::batch::{self, ErasedKind};

#[test]
fn reads_workspace_agent_and_presence() {
    good(
        r#"{"type":"workspace","name":"Acme","timezone":"Europe/Copenhagen","business_hours":"office","abandon_after_seconds":3600.5,"ignore_bot_messages":true}"#,
        Line::Workspace(WorkspaceLine {
            name: some("Acme"),
            timezone: some("Europe/Copenhagen"),
            business_hours: value("office"),
            abandon_after_ms: Some(3_600_500),
            ignore_bot_messages: Some(true),
        }),
    );
    good(r#"{"type":"workspace"}"#, Line::Workspace(WorkspaceLine::default()));
    good(
        r#"{"type":"agent","id":"a1","number":17,"name":"Sarah Chen","username":"sarah","email":null,"kind":"bot","active":false,"teams":["t1","t2"]}"#,
        Line::Agent(AgentLine {
            id: "a1".into(),
            number: Some(17),
            name: some("Sarah Chen"),
            username: value("sarah"),
            email: Patch::Null,
            kind: Some(AgentKind::Bot),
            active: Some(false),
            teams: Some(vec!["t1".into(), "t2".into()]),
        }),
    );
    good(
        r#"{"type":"presence","agent":"a1","at":"2026-02-01T00:00:00+01:00","status":"busy"}"#,
        Line::Presence(PresenceLine {
            agent: "a1".into(),
            at: at("2026-01-31T23:00:00Z"),
            status: PresenceStatus::Busy,
        }),
    );
}

#[test]
fn reads_the_other_directory_lines() {
    let id = || "x".to_owned();
    good(
        r#"{"type":"team","id":"x","name":"Billing","business_hours":null}"#,
        Line::Team(TeamLine { id: id(), name: some("Billing"), business_hours: Patch::Null }),
    );
    good(
        r#"{"type":"queue","id":"x","team":"t1"}"#,
        Line::Queue(QueueLine { id: id(), name: None, team: value("t1") }),
    );
    good(r#"{"type":"tag","id":"x","name":"VIP"}"#, Line::Tag(TagLine { id: id(), name: some("VIP") }));
    good(
        r#"{"type":"channel","id":"x","label":"Phone"}"#,
        Line::Channel(ChannelLine { id: id(), label: some("Phone") }),
    );
    good(
        r#"{"type":"contact_point","id":"x","channel":"email","address":"help@acme.test","label":"Help desk"}"#,
        Line::ContactPoint(ContactPointLine {
            id: id(),
            channel: value("email"),
            address: value("help@acme.test"),
            label: some("Help desk"),
        }),
    );
    good(
        r#"{"type":"customer","id":"x","name":null,"created_at":"2030-01-01T00:00:00Z"}"#,
        Line::Customer(CustomerLine {
            id: id(),
            name: Patch::Null,
            created_at: Patch::Value(at("2030-01-01T00:00:00Z")),
        }),
    );
    good(
        r#"{"type":"status","id":"x","from":null,"label":"Waiting","category":"on_hold","sla_active":false}"#,
        Line::Status(StatusLine {
            id: id(),
            from: None,
            label: some("Waiting"),
            category: Some(CaseStatus::OnHold),
            sla_active: Patch::Value(false),
        }),
    );
    good(
        r#"{"type":"erase","of":"message","id":"x"}"#,
        Line::Erase(batch::Erase { of: ErasedKind::Message, id: id() }),
    );
}

#[test]
fn reads_schedules() {
    let interval = |from_minute, until_minute| DayInterval { from_minute, until_minute };
    let mut weekly: [Vec<DayInterval>; 7] = Default::default();
    weekly[0] = vec![interval(540, 720), interval(780, 1440)];
    weekly[4] = vec![interval(1320, 120)];
    good(
        r#"{"type":"business_hours","id":"office","from":"2026-01-01T00:00:00Z","name":"Office","timezone":"Asia/Kathmandu",
            "weekly":{"monday":[["09:00","12:00"],["13:00","24:00"]],"friday":[["22:00","02:00"]],"sunday":[]},
            "holidays":[{"date":"2026-12-25","name":"Christmas"},{"date":"2028-02-29"}]}"#,
        Line::BusinessHours(BusinessHoursLine {
            id: "office".into(),
            from: Some(at("2026-01-01T00:00:00Z")),
            name: some("Office"),
            timezone: some("Asia/Kathmandu"),
            weekly: Some(weekly),
            holidays: Some(vec![
                Holiday { date: jiff::civil::date(2026, 12, 25), name: some("Christmas") },
                Holiday { date: jiff::civil::date(2028, 2, 29), name: None },
            ]),
        }),
    );
    let line = |rest: &str| format!(r#"{{"type":"business_hours","id":"o",{rest}}}"#);
    for times in [r#"["24:00","24:00"]"#, r#"["9:00","12:00"]"#, r#"["09:00","24:01"]"#, r#"["09:60","12:00"]"#] {
        bad(
            &line(&format!(r#""weekly":{{"tuesday":[["00:00","00:00"],{times}]}}"#)),
            "weekly.tuesday[1]",
            "wall times",
        );
    }
    for times in ["[]", r#"["09:00"]"#, r#"["09:00","10:00","11:00"]"#, "[540,600]", r#""09:00-10:00""#, "null"] {
        bad(&line(&format!(r#""weekly":{{"sunday":[{times}]}}"#)), "weekly.sunday[0]", "wall times");
    }
    bad(&line(r#""weekly":{"Monday":[]}"#), "weekly.Monday", "is unknown here; allowed: monday, tuesday");
    bad(&line(r#""weekly":{"monday":null}"#), "weekly.monday", "must be a list, not null");
    bad(&line(r#""weekly":null"#), "weekly", "must be an object, not null");
    bad(&line(r#""holidays":[{"date":"2026-12-25"},{"date":"2026-02-29"}]"#), "holidays[1].date", "must be a date");
    bad(&line(r#""holidays":[{"date":"20261225"}]"#), "holidays[0].date", "must be a date");
    bad(&line(r#""holidays":[{"name":"Christmas"}]"#), "holidays[0].date", "is required");
    bad(&line(r#""timezone":"Europe/Kopenhagen""#), "timezone", "IANA");
    bad(&line(r#""timezone":"europe/copenhagen""#), "timezone", "IANA");
    bad(&line(r#""timezone":"+01:00""#), "timezone", "IANA");
}

#[test]
fn reads_policies() {
    good(
        r#"{"type":"sla_policy","id":"p","from":null,"name":"Gold","position":-1,"enabled":true,
            "conditions":{"channel":["email"],"team":["t1"],"queue":[],"priority":["urgent"],"tag":["vip"]},
            "targets":[{"metric":"first_reply","priority":"urgent","goal_seconds":900.0015,"clock":"business"},
                       {"metric":"resolution","priority":null,"goal_seconds":0}]}"#,
        Line::SlaPolicy(SlaPolicyLine {
            id: "p".into(),
            from: None,
            name: some("Gold"),
            position: Some(-1),
            enabled: Some(true),
            conditions: Some(Conditions {
                channel: vec!["email".into()],
                team: vec!["t1".into()],
                priority: vec!["urgent".into()],
                tag: vec!["vip".into()],
                ..Conditions::default()
            }),
            targets: Some(vec![
                SlaTarget {
                    metric: SlaMetric::FirstReply,
                    priority: some("urgent"),
                    goal_ms: 900_002,
                    clock: ClockMode::Business,
                },
                SlaTarget { metric: SlaMetric::Resolution, priority: None, goal_ms: 0, clock: ClockMode::Calendar },
            ]),
        }),
    );
    let line = |rest: &str| format!(r#"{{"type":"sla_policy","id":"p",{rest}}}"#);
    let target = |rest: &str| line(&format!(r#""targets":[{{"metric":"resolution","goal_seconds":1}},{{{rest}}}]"#));
    bad(&target(r#""metric":"resolution""#), "targets[1].goal_seconds", "is required");
    bad(&target(r#""metric":"resolution","goal_seconds":-0.001"#), "targets[1].goal_seconds", "from 0 to");
    bad(&target(r#""metric":"resolution","goal_seconds":1e300"#), "targets[1].goal_seconds", "from 0 to");
    bad(&target(r#""metric":"resolution","goal_seconds":"1""#), "targets[1].goal_seconds", "not a text");
    bad(&target(r#""metric":"close","goal_seconds":1"#), "targets[1].metric", "first_reply, next_reply, resolution");
    bad(&target(r#""metric":"resolution","goal_seconds":1,"clock":null"#), "targets[1].clock", "not null");
    bad(&target(r#""metric":"resolution","goal_seconds":1,"goal":1"#), "targets[1].goal", "is unknown here");
    bad(&line(r#""targets":[7]"#), "targets[0]", "must be an object");
    bad(&line(r#""conditions":{"tags":["vip"]}"#), "conditions.tags", "allowed: channel, team, queue, priority, tag");
    bad(&line(r#""conditions":{"tag":["vip",""]}"#), "conditions.tag[1]", "1 to 200");
    bad(&line(r#""conditions":{"tag":"vip"}"#), "conditions.tag", "must be a list");
    bad(&line(r#""position":1.5"#), "position", "must be an integer");
    bad(&line(r#""enabled":"yes""#), "enabled", "must be true or false");
}
