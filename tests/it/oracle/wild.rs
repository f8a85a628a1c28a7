//! Cases left to chance, with a fixed seed: whatever the format allows, in any order and often at one instant.

use deskgraph::model::Instant;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

const AGENTS: &[&str] = &["a1", "a2", "a3", "a4", "b1"];
const STATUSES: &[&str] = &[
    "new", "open", "open", "pending", "on_hold", "resolved", "resolved", "closed", "closed", "vendor", "done", "later",
    "odd",
];
/// Fields of changes, values, and how likely it is that there is one.
const CHANGES: &[(&str, &[&str], f64)] = &[
    ("priority", &["low", "high"], 0.7),
    ("case_type", &["bug"], 0.5),
    ("team", &["t1", "t3"], 0.7),
    ("requester", &["cu1", "cu2"], 0.7),
    ("tag_added", &["vip", "y"], 1.0),
    ("tag_removed", &["vip"], 1.0),
    ("channel", &["email", "web"], 1.0),
];
const MINUTE: i64 = 60_000;

struct Wild {
    chance: ChaCha8Rng,
    now: Instant,
    events: u32,
    lines: Vec<String>,
}

/// Lines of a workspace with that many cases, in which public messages of bots are replies or not.
pub fn lines(seed: u64, cases: u32, bots_reply: bool, now: Instant) -> String {
    let mut wild = Wild { chance: ChaCha8Rng::seed_from_u64(seed), now, events: 0, lines: Vec::new() };
    wild.reference(bots_reply);
    wild.presence();
    for number in 0..cases {
        wild.case(number);
    }
    wild.lines.join("\n")
}

impl Wild {
    fn line(&mut self, line: Value) {
        self.lines.push(line.to_string());
    }
    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        *of.choose(&mut self.chance).unwrap()
    }
    fn has(&mut self, probability: f64) -> bool {
        self.chance.random_bool(probability)
    }
    /// A value, or null at times.
    fn or_null(&mut self, of: &[&str], probability: f64) -> Value {
        if self.has(probability) { json!(self.pick(of)) } else { Value::Null }
    }

    fn reference(&mut self, bots_reply: bool) {
        self.line(
            json!({"type": "workspace", "name": "Wild", "timezone": "Europe/Copenhagen", "business_hours": "office",
            "abandon_after_seconds": 600, "ignore_bot_messages": !bots_reply}),
        );
        let day = json!([["08:00", "17:00"]]);
        self.line(json!({"type": "business_hours", "id": "office", "timezone": "Europe/Copenhagen",
            "weekly": {"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day}}));
        for agent in ["a1", "a2", "a3", "a4", "a5"] {
            let teams = self.pick(&[&[][..], &["t1"], &["t1", "t2"]]);
            self.line(json!({"type": "agent", "id": agent, "name": format!("Agent {agent}"), "teams": teams}));
        }
        self.line(json!({"type": "agent", "id": "b1", "name": "Bot", "kind": "bot"}));
        self.names();
        let march = "2026-03-01T00:00:00Z";
        self.line(json!({"type": "status", "id": "vendor", "category": "on_hold"}));
        self.line(json!({"type": "status", "id": "done", "category": "resolved"}));
        self.line(json!({"type": "status", "id": "done", "category": "closed", "from": march}));
        self.line(json!({"type": "status", "id": "later", "category": "on_hold", "from": march}));
        let target =
            |metric: &str, goal: i64, clock: &str| json!({"metric": metric, "goal_seconds": goal, "clock": clock});
        let gold = [
            target("first_reply", 900, "calendar"),
            target("next_reply", 1_800, "calendar"),
            target("resolution", 86_400, "business"),
        ];
        self.line(json!({"type": "sla_policy", "id": "gold", "position": 1,
            "conditions": {"priority": ["urgent", "high"]}, "targets": gold}));
        let base = [target("first_reply", 3_600, "business"), target("resolution", 172_800, "calendar")];
        self.line(json!({"type": "sla_policy", "id": "base", "position": 2,
            "conditions": {"channel": ["email"]}, "targets": base}));
    }

    /// Names in another order than ids, some of them equal, one that is what no value is called.
    fn names(&mut self) {
        let names = [
            ("team", "t1", "Zeta"),
            ("team", "t2", "None"),
            ("team", "t3", "Alpha"),
            ("queue", "q1", "Same"),
            ("queue", "q2", "Same"),
            ("tag", "vip", "b"),
            ("tag", "beta", "a"),
            ("tag", "x", "b"),
            ("tag", "y", "B"),
        ];
        for (kind, id, name) in names {
            self.line(json!({"type": kind, "id": id, "name": name}));
        }
        self.line(json!({"type": "agent", "id": "a4", "name": "Agent a1"}));
        self.line(json!({"type": "channel", "id": "phone", "label": "A telephone"}));
    }

    fn presence(&mut self) {
        for agent in ["a1", "a2", "a3", "a4", "b1", "ghost"] {
            let mut at = self.now.plus_ms(-self.chance.random_range(20..100) * Instant::DAY_MS);
            for _ in 0..self.chance.random_range(3..12) {
                let status = self.pick(&["available", "away", "busy", "offline"]);
                self.line(json!({"type": "presence", "agent": agent, "at": at.to_string(), "status": status}));
                at = at.plus_ms(self.pick(&[5, 60, 600, 3_000]) * MINUTE);
            }
        }
    }

    fn actor(&mut self) -> Value {
        let kinds = ["customer", "customer", "customer", "agent", "agent", "agent", "agent", "bot", "system"];
        let kind = self.pick(&kinds);
        let id = match kind {
            "customer" => self.or_null(&["cu1", "cu2"], 0.85),
            "agent" => self.or_null(AGENTS, 0.95),
            "bot" => self.or_null(&["b1"], 0.7),
            _ => Value::Null,
        };
        if id.is_null() { json!({"kind": kind}) } else { json!({"kind": kind, "id": id}) }
    }

    fn case(&mut self, number: u32) {
        let id = format!("c{number}");
        let created = self.now.plus_ms(-self.chance.random_range(1_440..170_000) * MINUTE);
        let mut case = json!({"type": "case", "id": id, "created_at": created.to_string()});
        let fields: [(&str, &[&str], f64); 11] = [
            ("channel", &["email", "web", "phone"], 1.0),
            ("team", &["t1", "t2"], 0.5),
            ("queue", &["q1", "q2"], 0.4),
            ("assignee", AGENTS, 0.3),
            ("requester", &["cu1", "cu2", "cu3"], 0.8),
            ("priority", &["low", "high", "urgent"], 0.6),
            ("case_type", &["question", "bug"], 0.5),
            ("contact_point", &["cp1", "cp2"], 0.5),
            ("initial_channel", &["web", "phone"], 0.3),
            ("direction", &["outbound"], 0.2),
            ("state", &["spam", "merged"], 0.04),
        ];
        for (field, values, probability) in fields {
            if self.has(probability) {
                case[field] = json!(self.pick(values));
            }
        }
        if self.has(0.3) {
            case["creator"] = json!({"kind": self.pick(&["customer", "agent", "bot"])});
        }
        case["tags"] = json!(self.pick(&[&[][..], &[], &["vip"], &["beta", "x"]]));
        self.line(case);
        let mut at = created.plus_ms(self.pick(&[0, 0, 0, 0, 0, -30]) * MINUTE);
        for _ in 0..self.pick(&[0, 3, 6, 10, 15, 20]) {
            at = at.plus_ms(self.pick(&[0, 0, 1, 60, 300, 600, 3_600, 20_000, 200_000]) * Instant::SECOND_MS);
            if at > self.now {
                break;
            }
            let event = self.event(&id, at);
            self.line(event);
        }
    }

    fn event(&mut self, case: &str, at: Instant) -> Value {
        self.events += 1;
        // Ids in no order: the number only keeps them apart.
        let id = format!("{}{}-{}", self.pick(&["a", "b", "X", "Y"]), self.chance.random_range(0..100), self.events);
        let mut event = json!({"case": case, "id": id, "at": at.to_string()});
        let fields = event.as_object_mut().unwrap();
        if self.has(0.3) {
            fields.insert("seq".into(), json!(self.chance.random_range(0..4)));
        }
        let actor = self.actor();
        let kind = self.pick(&[0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5]);
        match kind {
            0 => self.message(fields, &actor),
            1 => {
                let kind = self.pick(&["assign", "take", "transfer", "offer", "unassign"]);
                fields.extend([("type".into(), json!("assignment")), ("kind".into(), json!(kind))]);
                self.who(fields, 0.5);
            }
            2 => {
                fields.extend([("type".into(), json!("status_change")), ("status".into(), json!(self.pick(STATUSES)))]);
            }
            3 => self.change(fields),
            4 => self.rating(fields, at),
            _ => {
                let policy = self.or_null(&["gold", "base"], 0.67);
                fields.extend([("type".into(), json!("sla")), ("policy".into(), policy)]);
            }
        }
        if matches!(kind, 1..=3 | 5) && self.has(0.8) {
            fields.insert("actor".into(), actor);
        }
        event
    }

    fn message(&mut self, fields: &mut Map<String, Value>, author: &Value) {
        let visibility = if self.has(0.15) { "internal" } else { "public" };
        fields.insert("type".into(), json!("message"));
        fields.extend([("author".into(), author.clone()), ("visibility".into(), json!(visibility))]);
        if self.has(0.06) {
            fields.insert("opening".into(), json!(self.has(0.7)));
        }
    }

    fn change(&mut self, fields: &mut Map<String, Value>) {
        let (field, values, probability) = self.pick(CHANGES);
        let to = self.or_null(values, probability);
        fields.extend([("type".into(), json!("change")), ("field".into(), json!(field)), ("to".into(), to)]);
    }

    fn rating(&mut self, fields: &mut Map<String, Value>, at: Instant) {
        let score = self.pick(&[Some(1), Some(2), Some(3), Some(4), Some(5), Some(5), None]);
        fields.extend([("type".into(), json!("rating")), ("score".into(), json!(score))]);
        if self.has(0.5) {
            let offered = at.plus_ms(-self.pick(&[0, 300, 4_000, 90_000]) * Instant::SECOND_MS);
            fields.insert("offered_at".into(), json!(offered.to_string()));
        }
        self.who(fields, 0.3);
    }

    /// Names an agent, team or queue, or says that there is none.
    fn who(&mut self, fields: &mut Map<String, Value>, probability: f64) {
        let fields_of: [(&str, &[&str]); 3] =
            [("agent", AGENTS), ("team", &["t1", "t2", "t3"]), ("queue", &["q1", "q2"])];
        for (field, values) in fields_of {
            if self.has(probability) {
                let value = self.or_null(values, 0.75);
                fields.insert(field.into(), value);
            }
        }
    }
}
