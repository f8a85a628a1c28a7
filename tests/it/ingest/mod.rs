//! How data comes in: every rule of the ingest format, from lines to tables.

mod erase;
mod events;
mod order;
mod reference;
mod rules;

/// Tables of what lines say and of what follows from them, without numbers that may be assigned.
pub const TABLES: &[(&str, &[&str])] = &[
    ("business_hours", &[]),
    ("sla_policy", &[]),
    ("status", &[]),
    ("agent", &["number", "search_text"]),
    ("agent_team", &[]),
    ("team", &[]),
    ("queue", &[]),
    ("tag", &[]),
    ("channel", &[]),
    ("contact_point", &[]),
    ("customer", &[]),
    ("presence", &[]),
    ("support_case", &["number"]),
    ("event", &[]),
    ("tombstone", &[]),
    ("case_record", &["number", "search_text"]),
    ("case_tag", &[]),
    ("case_policy", &[]),
    ("response_record", &[]),
    ("sla_clock_record", &[]),
    ("closure_record", &[]),
    ("resolution_record", &[]),
    ("status_spell_record", &[]),
    ("assignment_record", &[]),
    ("rating_record", &[]),
    ("message_record", &[]),
    ("presence_record", &[]),
];

/// All tables as text.
pub async fn dump(desk: &crate::desk::Desk) -> Vec<String> {
    let mut lines = Vec::new();
    for (table, without) in TABLES {
        lines.extend(desk.dump(table, without).await);
    }
    lines
}

/// A case with a bit of everything.
pub const CASE: &str = r#"
{"type":"case","id":"c1","created_at":"2026-05-01T08:00:00Z","channel":"email","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"subject":"Broken lamp","tags":["vip"],"attributes":{"brand":"x"}}
{"type":"message","case":"c1","id":"m1","at":"2026-05-01T08:00:00Z","author":{"kind":"customer","id":"cu1"}}
{"type":"assignment","case":"c1","id":"e1","at":"2026-05-01T08:05:00Z","agent":"a1","team":"t1","queue":"q1"}
{"type":"message","case":"c1","id":"m2","at":"2026-05-01T08:10:00Z","author":{"kind":"agent","id":"a1"}}
{"type":"change","case":"c1","id":"e2","at":"2026-05-01T08:11:00Z","field":"subject","to":"Broken blue lamp","actor":{"kind":"agent","id":"a1"}}
{"type":"status_change","case":"c1","id":"e3","at":"2026-05-01T08:12:00Z","status":"resolved","actor":{"kind":"agent","id":"a1"}}
{"type":"rating","case":"c1","id":"r1","at":"2026-05-01T09:00:00Z","score":5,"comment":"thanks from Kim","actor":{"kind":"customer","id":"cu1"}}
"#;
