//! What people write about: each topic with its subjects, where its cases go and how they tend to run.

use super::chance::Chance;

/// Something that cases are about.
#[derive(Clone, Copy, Debug)]
pub struct Topic {
    /// Type of its cases.
    pub case_type: &'static str,
    /// Share among the topics.
    pub share: f64,
    /// Subjects; `{product}`, `{part}`, `{order}` and `{city}` are filled in.
    pub subjects: &'static [&'static str],
    /// Team and queue of the two regions.
    pub place: [(usize, &'static str); 2],
    /// Tags that such cases often have.
    pub tags: &'static [&'static str],
    /// Shares of low, normal, high, urgent.
    pub priorities: [f64; 4],
    /// Replies needed beyond the first, on average.
    pub more_replies: f64,
    /// Status of a case that waits for somebody else, and how likely one does.
    pub hold: Option<(&'static str, f64)>,
    /// How likely it goes to `Topic::next` team.
    pub pass_on: f64,
    /// Team that cases are passed on to in the two regions.
    pub next: [usize; 2],
}

const ROUTINE: [f64; 4] = [0.16, 0.74, 0.08, 0.02];
const PRESSING: [f64; 4] = [0.04, 0.62, 0.27, 0.07];

/// What a case is about while the app is down.
pub const OUTAGE: Topic = Topic {
    case_type: "problem",
    share: 0.0,
    subjects: &[
        "App says the service is unavailable",
        "Cannot unlock my {product}, app down?",
        "Map and ride history are empty since this morning",
        "Login to the app fails with an error",
    ],
    place: [(4, "app-support"), (5, "workshop-americas")],
    tags: &["app", "outage"],
    priorities: [0.0, 0.35, 0.5, 0.15],
    more_replies: 0.3,
    hold: None,
    pass_on: 0.04,
    next: [7, 7],
};

/// What staff write about first.
pub const OUTREACH: Topic = Topic {
    case_type: "request",
    share: 0.0,
    subjects: &[
        "Your service appointment in {city}",
        "Please check the {part} of your {product}",
        "How is your new {product}?",
        "{order}: your delivery needs a new date",
    ],
    place: [(0, "general-europe"), (1, "general-americas")],
    tags: &["feedback"],
    priorities: [0.4, 0.55, 0.05, 0.0],
    more_replies: 0.4,
    hold: None,
    pass_on: 0.1,
    next: [4, 5],
};

/// Everything else.
pub const TOPICS: [Topic; 14] = [
    Topic {
        case_type: "order",
        share: 13.0,
        subjects: &[
            "Where is order {order}?",
            "Delivery of my {product} keeps moving",
            "Tracking for {order} has not changed for days",
            "Change of delivery address to {city}",
        ],
        place: [(3, "orders-europe"), (1, "general-americas")],
        tags: &["delivery"],
        priorities: ROUTINE,
        more_replies: 0.6,
        hold: Some(("waiting_vendor", 0.12)),
        pass_on: 0.08,
        next: [0, 6],
    },
    Topic {
        case_type: "complaint",
        share: 6.0,
        subjects: &[
            "{product} arrived with a bent {part}",
            "Box was open when {order} came",
            "Scratches on a brand new {product}",
        ],
        place: [(3, "returns-europe"), (1, "general-americas")],
        tags: &["damaged", "photo-attached", "delivery"],
        priorities: PRESSING,
        more_replies: 1.3,
        hold: Some(("waiting_vendor", 0.2)),
        pass_on: 0.2,
        next: [4, 5],
    },
    Topic {
        case_type: "order",
        share: 9.0,
        subjects: &["Return of {order}", "I would like to send back the {part}", "Wrong size of {product}, exchange?"],
        place: [(3, "returns-europe"), (6, "accounts-americas")],
        tags: &["refund"],
        priorities: ROUTINE,
        more_replies: 0.9,
        hold: None,
        pass_on: 0.1,
        next: [2, 1],
    },
    Topic {
        case_type: "question",
        share: 7.0,
        subjects: &["Refund for {order} not received", "How long does a refund take?", "Refunded the wrong amount"],
        place: [(2, "billing-europe"), (6, "accounts-americas")],
        tags: &["refund"],
        priorities: PRESSING,
        more_replies: 0.7,
        hold: Some(("waiting_vendor", 0.08)),
        pass_on: 0.07,
        next: [3, 1],
    },
    Topic {
        case_type: "question",
        share: 8.0,
        subjects: &[
            "Invoice for {order} with our company name",
            "Copy of the invoice from last month",
            "VAT number missing on invoice",
            "Charged twice for {order}",
        ],
        place: [(2, "billing-europe"), (6, "accounts-americas")],
        tags: &["invoice"],
        priorities: ROUTINE,
        more_replies: 0.4,
        hold: None,
        pass_on: 0.05,
        next: [0, 1],
    },
    Topic {
        case_type: "problem",
        share: 4.0,
        subjects: &["Payment for {order} declined", "Checkout stops at the last step", "Gift card is not accepted"],
        place: [(0, "general-europe"), (1, "general-americas")],
        tags: &[],
        priorities: PRESSING,
        more_replies: 0.5,
        hold: None,
        pass_on: 0.3,
        next: [2, 6],
    },
    Topic {
        case_type: "request",
        share: 4.0,
        subjects: &[
            "Leasing twelve {product} for our office in {city}",
            "End of our leasing contract",
            "Quote for a company fleet",
        ],
        place: [(2, "billing-europe"), (6, "accounts-americas")],
        tags: &["leasing"],
        priorities: [0.1, 0.65, 0.22, 0.03],
        more_replies: 1.8,
        hold: Some(("in_review", 0.25)),
        pass_on: 0.05,
        next: [0, 1],
    },
    Topic {
        case_type: "problem",
        share: 11.0,
        subjects: &[
            "Battery of my {product} does not charge",
            "Range is half of what it was",
            "Battery light blinks red",
            "{product} switches off on hills",
        ],
        place: [(4, "workshop-europe"), (5, "workshop-americas")],
        tags: &["battery", "warranty"],
        priorities: PRESSING,
        more_replies: 1.6,
        hold: Some(("waiting_parts", 0.28)),
        pass_on: 0.06,
        next: [7, 7],
    },
    Topic {
        case_type: "problem",
        share: 9.0,
        subjects: &[
            "App does not find my {product}",
            "Pairing fails after the update",
            "Cannot share my bike with family",
            "Lost phone, how do I unlock?",
        ],
        place: [(4, "app-support"), (5, "workshop-americas")],
        tags: &["app"],
        priorities: ROUTINE,
        more_replies: 0.9,
        hold: Some(("in_review", 0.1)),
        pass_on: 0.05,
        next: [7, 7],
    },
    Topic {
        case_type: "problem",
        share: 8.0,
        subjects: &[
            "Noise from the {part}",
            "Error 31 on the display of {product}",
            "Motor assistance cuts out",
            "Replacement for a worn {part}",
        ],
        place: [(4, "workshop-europe"), (5, "workshop-americas")],
        tags: &["warranty", "photo-attached"],
        priorities: ROUTINE,
        more_replies: 1.4,
        hold: Some(("waiting_parts", 0.25)),
        pass_on: 0.06,
        next: [3, 1],
    },
    Topic {
        case_type: "complaint",
        share: 2.0,
        subjects: &["Brake of {product} failed while riding", "Battery got very hot", "Fork cracked, is it safe?"],
        place: [(4, "workshop-europe"), (5, "workshop-americas")],
        tags: &["safety", "warranty"],
        priorities: [0.0, 0.06, 0.36, 0.58],
        more_replies: 1.7,
        hold: Some(("waiting_parts", 0.3)),
        pass_on: 0.45,
        next: [7, 7],
    },
    Topic {
        case_type: "question",
        share: 12.0,
        subjects: &[
            "Which {product} for 1.90 m?",
            "Is the {part} compatible with {product}?",
            "When is {product} back in stock?",
            "Test ride in {city}",
            "Does {product} fit on a bike rack?",
        ],
        place: [(0, "general-europe"), (1, "general-americas")],
        tags: &[],
        priorities: [0.3, 0.67, 0.03, 0.0],
        more_replies: 0.35,
        hold: None,
        pass_on: 0.08,
        next: [4, 5],
    },
    Topic {
        case_type: "question",
        share: 4.0,
        subjects: &["Change of e-mail address", "Delete my account", "Transfer of {product} to a new owner"],
        place: [(0, "general-europe"), (1, "general-americas")],
        tags: &[],
        priorities: [0.35, 0.63, 0.02, 0.0],
        more_replies: 0.3,
        hold: None,
        pass_on: 0.06,
        next: [4, 5],
    },
    Topic {
        case_type: "complaint",
        share: 3.0,
        subjects: &[
            "Third time I write about {order}",
            "Disappointed with the service in {city}",
            "Thoughts after a year with {product}",
        ],
        place: [(0, "general-europe"), (1, "general-americas")],
        tags: &["feedback", "churn-risk"],
        priorities: PRESSING,
        more_replies: 1.1,
        hold: None,
        pass_on: 0.3,
        next: [7, 7],
    },
];

const PRODUCTS: [&str; 8] =
    ["Tindra 2", "Tindra 3", "Sletta Cargo", "Kvist Junior", "Skogsti XT", "Havn City", "Havn Fold", "Bakke Tour"];
const PARTS: [&str; 9] =
    ["rear light", "display", "fork", "mudguard", "charger", "front wheel", "chain guard", "pedal sensor", "saddle"];
const CITIES: [[&str; 6]; 2] = [
    ["Aarhus", "Malmö", "Hamburg", "Utrecht", "Gdańsk", "Lyon"],
    ["Boston", "Portland", "Toronto", "Austin", "Denver", "Philadelphia"],
];
/// Subjects that nobody wanted.
pub const UNWANTED: [&str; 3] = ["Grow your followers today", "Cheap rank for your shop", "Your parcel fee is unpaid"];

/// A subject of the topic, filled in, and the product it is about.
pub fn word(topic: &Topic, region: usize, chance: &mut Chance) -> (String, &'static str) {
    let product = *chance.pick(&PRODUCTS);
    let part = *chance.pick(&PARTS);
    let city = *chance.pick(&CITIES[region]);
    let subject = chance
        .pick(topic.subjects)
        .replace("{product}", product)
        .replace("{part}", part)
        .replace("{city}", city)
        .replace("{order}", &format!("#{}", chance.between(204_000, 389_000)));
    (subject, product)
}
