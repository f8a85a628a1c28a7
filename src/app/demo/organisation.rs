//! Who works there and where: teams, queues, channels, contact points, tags and statuses of Brimholt, a maker of electric bicycles that does
//! not exist.

use serde_json::{Value, json};

/// Display name of the organisation.
pub const NAME: &str = "Brimholt Cycles";

/// A team.
#[derive(Clone, Copy, Debug)]
pub struct Team {
    /// Id of its line.
    pub id: &'static str,
    /// Display name.
    pub name: &'static str,
    /// Its hours: index into the schedules.
    pub office: usize,
    /// Queue that cases passed to it wait in.
    pub queue: &'static str,
}

/// The teams; other tables name them by index.
pub const TEAMS: [Team; 8] = [
    Team { id: "front-desk-europe", name: "Front Desk Europe", office: 0, queue: "general-europe" },
    Team { id: "front-desk-americas", name: "Front Desk Americas", office: 1, queue: "general-americas" },
    Team { id: "billing", name: "Billing", office: 0, queue: "billing-europe" },
    Team { id: "orders-returns", name: "Orders & Returns", office: 0, queue: "orders-europe" },
    Team { id: "technical-europe", name: "Technical Support Europe", office: 0, queue: "workshop-europe" },
    Team { id: "technical-americas", name: "Technical Support Americas", office: 1, queue: "workshop-americas" },
    Team { id: "accounts-americas", name: "Accounts Americas", office: 1, queue: "accounts-americas" },
    Team { id: "escalations", name: "Escalations", office: 2, queue: "escalations" },
];

impl Team {
    /// Region that it works in.
    pub const fn region(&self) -> usize {
        super::office::SCHEDULES[self.office].region
    }
}

/// Index of the team that takes what others cannot solve.
pub const ESCALATIONS: usize = 7;

/// Queues: id, name, team.
const QUEUES: [(&str, &str, usize); 10] = [
    ("general-europe", "General Europe", 0),
    ("general-americas", "General Americas", 1),
    ("billing-europe", "Invoices & Payments", 2),
    ("orders-europe", "Orders & Deliveries", 3),
    ("returns-europe", "Returns & Refunds", 3),
    ("workshop-europe", "Workshop Europe", 4),
    ("app-support", "App & Connectivity", 4),
    ("workshop-americas", "Workshop Americas", 5),
    ("accounts-americas", "Accounts Americas", 6),
    ("escalations", "Escalations", 7),
];

/// How fast a conversation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tempo {
    /// Hours between messages.
    Written,
    /// Minutes to hours between messages.
    Messaging,
    /// Both sides are there.
    Live,
    /// One call.
    Phone,
}

/// A channel.
#[derive(Clone, Copy, Debug)]
pub struct Channel {
    /// Its key.
    pub id: &'static str,
    /// Display name.
    pub label: &'static str,
    /// Pace.
    pub tempo: Tempo,
    /// Share of cases, of 100.
    pub share: f64,
    /// Contact points of the two regions: id, address, label.
    pub points: [(&'static str, &'static str, &'static str); 2],
}

/// The channels.
pub const CHANNELS: [Channel; 6] = [
    Channel {
        id: "email",
        label: "E-mail",
        tempo: Tempo::Written,
        share: 37.0,
        points: [
            ("mail-eu", "help@brimholt.test", "Help desk Europe"),
            ("mail-us", "help-us@brimholt.test", "Help desk Americas"),
        ],
    },
    Channel {
        id: "web",
        label: "Web form",
        tempo: Tempo::Written,
        share: 16.0,
        points: [
            ("form-eu", "brimholt.test/contact", "Contact form"),
            ("form-us", "brimholt.test/us/contact", "Contact form US"),
        ],
    },
    Channel {
        id: "chat",
        label: "Chat",
        tempo: Tempo::Live,
        share: 18.0,
        points: [("chat-eu", "brimholt.test", "Shop chat"), ("chat-us", "brimholt.test/us", "Shop chat US")],
    },
    Channel {
        id: "phone_voice",
        label: "Phone",
        tempo: Tempo::Phone,
        share: 17.0,
        points: [
            ("phone-eu", "+45 5555 0142", "Service line Denmark"),
            ("phone-us", "+1 212 555 0142", "Service line US"),
        ],
    },
    Channel {
        id: "whatsapp",
        label: "WhatsApp",
        tempo: Tempo::Messaging,
        share: 9.0,
        points: [
            ("whatsapp-eu", "+45 5555 0177", "WhatsApp Europe"),
            ("whatsapp-us", "+1 212 555 0177", "WhatsApp Americas"),
        ],
    },
    Channel {
        id: "sms",
        label: "SMS",
        tempo: Tempo::Messaging,
        share: 3.0,
        points: [("sms-eu", "+45 5555 0190", "Delivery texts"), ("sms-us", "+1 212 555 0190", "Delivery texts US")],
    },
];

/// Tags: id, name.
pub const TAGS: [(&str, &str); 16] = [
    ("vip", "VIP"),
    ("business", "Business customer"),
    ("warranty", "Warranty"),
    ("battery", "Battery"),
    ("app", "App"),
    ("delivery", "Delivery"),
    ("refund", "Refund"),
    ("invoice", "Invoice"),
    ("damaged", "Damaged in transit"),
    ("safety", "Safety"),
    ("outage", "Outage"),
    ("leasing", "Leasing"),
    ("feedback", "Feedback"),
    ("churn-risk", "Churn risk"),
    ("photo-attached", "Photo attached"),
    ("knowledge-gap", "Knowledge gap"),
];

/// Statuses beside the six categories: id, label, category, whether the resolution clock counts.
const STATUSES: [(&str, &str, &str, bool); 3] = [
    ("waiting_vendor", "Waiting for supplier", "on_hold", false),
    ("waiting_parts", "Waiting for parts", "on_hold", false),
    ("in_review", "With a specialist", "open", true),
];

/// Lines of everything on this page. Schedules, agents and policies have theirs elsewhere.
pub fn lines() -> Vec<Value> {
    let mut lines: Vec<Value> = Vec::new();
    lines.extend(TEAMS.iter().map(|team| {
        let hours = super::office::SCHEDULES[team.office].id;
        json!({"type": "team", "id": team.id, "name": team.name, "business_hours": hours})
    }));
    lines.extend(
        QUEUES.iter().map(|(id, name, team)| json!({"type": "queue", "id": id, "name": name, "team": TEAMS[*team].id})),
    );
    for channel in &CHANNELS {
        lines.push(json!({"type": "channel", "id": channel.id, "label": channel.label}));
        lines.extend(channel.points.iter().map(|(id, address, label)| {
            json!({"type": "contact_point", "id": id, "channel": channel.id, "address": address, "label": label})
        }));
    }
    lines.extend(TAGS.iter().map(|(id, name)| json!({"type": "tag", "id": id, "name": name})));
    lines.extend(STATUSES.iter().map(|(id, label, category, counts)| {
        json!({"type": "status", "id": id, "label": label, "category": category, "sla_active": counts})
    }));
    lines
}
