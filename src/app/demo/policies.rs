//! What the organisation promises: three SLA policies, and which of them a case is under.

use serde_json::{Value, json};

use super::moment::Moments;

/// A promise: metric, priority, seconds, clock.
type Promise = (&'static str, Option<&'static str>, u32, &'static str);

const GOLD: [Promise; 6] = [
    ("first_reply", Some("urgent"), 2_700, "business"),
    ("first_reply", None, 3_600, "business"),
    ("next_reply", None, 7_200, "business"),
    ("resolution", Some("urgent"), 86_400, "calendar"),
    ("resolution", Some("high"), 21_600, "business"),
    ("resolution", None, 28_800, "business"),
];
const LIVE: [Promise; 3] = [
    ("first_reply", None, 300, "business"),
    ("next_reply", None, 600, "business"),
    ("resolution", None, 14_400, "business"),
];
const STANDARD: [Promise; 6] = [
    ("first_reply", Some("urgent"), 5_400, "business"),
    ("first_reply", Some("high"), 14_400, "business"),
    ("first_reply", None, 28_800, "business"),
    ("next_reply", None, 36_000, "business"),
    ("resolution", Some("urgent"), 172_800, "calendar"),
    ("resolution", None, 57_600, "business"),
];
/// Promises of Standard until a year ago: slower, and all by the calendar.
const EARLIER_STANDARD: [Promise; 3] = [
    ("first_reply", None, 86_400, "calendar"),
    ("next_reply", None, 129_600, "calendar"),
    ("resolution", None, 432_000, "calendar"),
];

/// The policy lines: one a version.
pub fn lines(moments: &Moments) -> Vec<Value> {
    let line = |id: &str, name: &str, position: u8, conditions: Value, promises: &[Promise]| {
        let targets: Vec<Value> = promises.iter().map(target).collect();
        json!({"type": "sla_policy", "id": id, "name": name, "position": position, "enabled": true,
            "conditions": conditions, "targets": targets})
    };
    let written = || json!({"channel": ["email", "web"], "priority": ["normal", "high", "urgent"]});
    let mut later = line("standard", "Standard", 3, written(), &STANDARD);
    later["from"] = json!(moments.change_at(0).to_string());
    vec![
        line("gold", "Gold", 1, json!({"tag": ["vip", "business"]}), &GOLD),
        line("silver", "Silver", 2, json!({"channel": ["chat", "phone_voice", "whatsapp"]}), &LIVE),
        line("standard", "Standard", 3, written(), &EARLIER_STANDARD),
        later,
    ]
}

fn target((metric, priority, goal_seconds, clock): &Promise) -> Value {
    let mut target = json!({"metric": metric, "goal_seconds": goal_seconds, "clock": clock});
    if let Some(priority) = priority {
        target["priority"] = json!(priority);
    }
    target
}
