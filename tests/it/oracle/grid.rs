//! What is asked: several periods and zones, each attribute in every way that it can be filtered by, groups and series.

use deskgraph::metric::Grain;
use deskgraph::model::{FilterAttribute, Instant};

use super::ledger::Ledger;
use super::question::{Question, Test};
use super::zone::Zone;

const UTC: Zone = Zone("UTC");
const COPENHAGEN: Zone = Zone("Europe/Copenhagen");
const LORD_HOWE: Zone = Zone("Australia/Lord_Howe");
const ST_JOHNS: Zone = Zone("America/St_Johns");
const KATHMANDU: Zone = Zone("Asia/Kathmandu");

/// About an interval, without a filter.
pub fn question(from: &str, until: &str, zone: &Zone) -> Question {
    let ms = |text: &str| Instant::parse(text).unwrap().ms();
    Question { from: ms(from), until: ms(until), zone: zone.clone(), terms: Vec::new() }
}

/// Everything that the fixtures have.
pub fn whole(zone: &Zone) -> Question {
    question("2024-01-01T00:00:00Z", "2026-06-01T12:00:00Z", zone)
}

/// Periods without a filter: all, the local month of a clock change, a part that begins and ends at no midnight, a past quarter.
pub fn periods() -> Vec<Question> {
    vec![
        whole(&UTC),
        question("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", &COPENHAGEN),
        question("2026-03-05T10:20:30.500Z", "2026-05-11T07:07:07.007Z", &KATHMANDU),
        question("2025-10-01T00:00:00Z", "2026-01-01T00:00:00Z", &ST_JOHNS),
    ]
}

/// Series: each grain, over nights in which clocks change too.
pub fn series() -> Vec<(Question, Grain)> {
    vec![
        (question("2026-03-28T12:00:00Z", "2026-03-30T11:30:00Z", &COPENHAGEN), Grain::Hour),
        (question("2025-10-25T12:10:00Z", "2025-10-27T11:00:00Z", &COPENHAGEN), Grain::Hour),
        (question("2026-04-04T02:00:00Z", "2026-04-06T02:00:00Z", &LORD_HOWE), Grain::Hour),
        (question("2026-03-02T03:00:00Z", "2026-04-20T05:00:00Z", &COPENHAGEN), Grain::Day),
        (question("2026-03-25T13:00:00Z", "2026-04-12T13:00:00Z", &LORD_HOWE), Grain::Day),
        (question("2025-12-20T00:00:00Z", "2026-05-11T07:07:07.007Z", &KATHMANDU), Grain::Week),
        (whole(&ST_JOHNS), Grain::Month),
        (whole(&COPENHAGEN), Grain::Quarter),
        (whole(&KATHMANDU), Grain::Year),
    ]
}

/// Every attribute by its values: each of the two commonest, both, neither, none at all; and several attributes at once.
pub async fn filters(ledger: &Ledger) -> Vec<Question> {
    let zones = [UTC, COPENHAGEN, LORD_HOWE, ST_JOHNS, KATHMANDU];
    let mut questions = Vec::new();
    for (index, &attribute) in FilterAttribute::ALL.iter().enumerate() {
        let values = values(ledger, attribute).await;
        let part = |count: usize| values.iter().take(count).cloned().collect::<Vec<_>>();
        let mut tests = vec![Test::In(part(1)), Test::In(part(2)), Test::NotIn(part(1)), Test::Unset];
        if index == 0 {
            tests.extend([Test::In(Vec::new()), Test::NotIn(Vec::new())]);
        }
        for (turn, test) in tests.into_iter().enumerate() {
            let zone = &zones[(index + turn) % zones.len()];
            let base =
                if turn == 1 { question("2026-02-01T00:00:00Z", "2026-05-20T12:00:00Z", zone) } else { whole(zone) };
            questions.push(Question { terms: vec![(attribute, test)], ..base });
        }
    }
    let first = async |attribute| values(ledger, attribute).await.into_iter().take(1).collect::<Vec<_>>();
    let several = vec![
        (FilterAttribute::Channel, Test::In(first(FilterAttribute::Channel).await)),
        (FilterAttribute::Team, Test::NotIn(first(FilterAttribute::Team).await)),
        (FilterAttribute::Queue, Test::Unset),
    ];
    questions.push(Question { terms: several, ..whole(&COPENHAGEN) });
    let agent = first(FilterAttribute::Agent).await;
    let both = vec![
        (FilterAttribute::Agent, Test::In(agent)),
        (FilterAttribute::Team, Test::In(first(FilterAttribute::Team).await)),
    ];
    questions.push(Question { terms: both, ..whole(&UTC) });
    questions
}

/// Values of an attribute, the commonest first.
async fn values(ledger: &Ledger, attribute: FilterAttribute) -> Vec<String> {
    let (table, column) = match attribute {
        FilterAttribute::HourOfDay => return vec!["9".to_owned(), "13".to_owned()],
        FilterAttribute::DayOfWeek => return vec!["1".to_owned(), "3".to_owned()],
        FilterAttribute::Agent | FilterAttribute::Team | FilterAttribute::Queue => ("o_assignments", attribute.word()),
        FilterAttribute::Tag => ("o_tags", "tag"),
        _ => ("o_attributes", attribute.word()),
    };
    let sql = format!(
        "SELECT {column} FROM {table} WHERE {column} IS NOT NULL GROUP BY {column} ORDER BY count(*) DESC, {column} LIMIT 2"
    );
    ledger.rows(&sql).await.into_iter().filter_map(|row| row[0].clone()).collect()
}
