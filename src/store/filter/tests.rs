//! Filters, searches and visibility against a predicate that looks at one row after the other.

use std::collections::BTreeSet;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use crate::model::period::find_zone;
use crate::model::{
    CaseQuestion, CaseState, CaseStatus, Filter, FilterAttribute, FilterTerm, Instant, Span, Test, Window,
};
use crate::record::CaseRecord;
use crate::store::testing::{TestStore, case, cases};

/// Values of an attribute in a row.
fn values(attribute: FilterAttribute, case: &CaseRecord, zone: &jiff::tz::TimeZone) -> Vec<String> {
    let one = |value: &Option<String>| value.clone().into_iter().collect();
    let local = zone.to_datetime(case.created_at.to_timestamp());
    match attribute {
        FilterAttribute::Agent => one(&case.assignee),
        FilterAttribute::Team => one(&case.team),
        FilterAttribute::Queue => one(&case.queue),
        FilterAttribute::Channel => vec![case.channel.clone()],
        FilterAttribute::InitialChannel => vec![case.initial_channel.clone()],
        FilterAttribute::InitialDirection => vec![case.direction.to_string()],
        FilterAttribute::Tag => case.tags.clone(),
        FilterAttribute::ContactPoint => one(&case.contact_point),
        FilterAttribute::SlaPolicy => one(&case.policy),
        FilterAttribute::Priority => one(&case.priority),
        FilterAttribute::CaseType => one(&case.case_type),
        FilterAttribute::Status => vec![case.status.to_string()],
        FilterAttribute::Requester => one(&case.requester),
        FilterAttribute::HourOfDay => vec![local.hour().to_string()],
        FilterAttribute::DayOfWeek => vec![local.weekday().to_monday_one_offset().to_string()],
    }
}

fn holds(term: &FilterTerm, case: &CaseRecord, zone: &jiff::tz::TimeZone) -> bool {
    let has = values(term.attribute, case, zone);
    match &term.test {
        Test::In(wanted) => has.iter().any(|value| wanted.contains(value)),
        Test::NotIn(dropped) => !has.iter().any(|value| dropped.contains(value)),
        Test::Unset => has.is_empty(),
        Test::Set => !has.is_empty(),
    }
}

fn is_asked(question: &CaseQuestion, case: &CaseRecord) -> bool {
    let within = question.period.is_none_or(|p| p.from <= case.created_at && case.created_at < p.until);
    let search = question.search.as_deref().unwrap_or_default().trim().to_lowercase();
    let subject = case.subject.clone().unwrap_or_default().to_lowercase();
    let found = subject.contains(&search)
        || case.case.to_lowercase().contains(&search)
        || case.number.to_string().contains(&search);
    let filters = question.filters.iter().flat_map(Filter::terms).all(|term| holds(term, case, &question.zone));
    case.state == CaseState::Active && within && found && filters
}

fn any_filter(random: &mut StdRng) -> Filter {
    let mut filter = Filter::default();
    for _ in 0..random.random_range(1..3) {
        let attribute = *FilterAttribute::ALL.choose(random).unwrap();
        let pool: Vec<String> = match attribute {
            FilterAttribute::HourOfDay => (0..24).map(|n| n.to_string()).collect(),
            FilterAttribute::DayOfWeek => (1..8).map(|n| n.to_string()).collect(),
            FilterAttribute::Status => CaseStatus::ALL.iter().map(ToString::to_string).collect(),
            FilterAttribute::InitialDirection => vec!["inbound".into(), "outbound".into()],
            FilterAttribute::Tag => vec!["vip".into(), "bug".into(), "é_%".into(), "none".into()],
            FilterAttribute::Priority => vec!["low".into(), "high".into(), "P1".into(), "LOW".into()],
            _ => ["a", "t", "q", "p", "cu", "type ", "sla", "ch"]
                .iter()
                .flat_map(|prefix| (0..4).map(move |n| format!("{prefix}{n}")))
                .collect(),
        };
        let count = random.random_range(0..pool.len() * 3 / 4);
        let chosen = pool.choose_multiple(random, count).cloned().collect();
        match random.random_range(0..10) {
            0..5 => filter.keep(attribute, chosen).unwrap(),
            5..9 => filter.exclude(attribute, chosen).unwrap(),
            _ => filter.unset(attribute),
        }
    }
    filter
}

async fn found(test: &TestStore, teams: Option<&[&str]>, question: &CaseQuestion) -> BTreeSet<String> {
    let (reader, _) = test.reader(teams);
    let mut window = Window { rows: 100, ..Window::default() };
    let mut ids = BTreeSet::new();
    loop {
        let page = reader.cases_page(question, &window).await.unwrap();
        window.after = page.items.last().map(|(cursor, _)| cursor.clone());
        ids.extend(page.items.into_iter().map(|(_, case)| case.case));
        if !page.has_next {
            break;
        }
    }
    assert_eq!(reader.count_cases(question).await.unwrap(), ids.len() as i64, "{question:?}");
    ids
}

#[tokio::test]
async fn filters_keep_what_they_say() {
    let test = TestStore::open("filters").await;
    // Around the summer-time changes of Copenhagen and Lord Howe, and before 1970.
    let mut world = cases(1, 400, Instant::parse("2026-03-31T00:00:00Z").unwrap(), 12 * Instant::DAY_MS);
    let old = cases(2, 100, Instant::parse("1969-12-28T00:00:00Z").unwrap(), 9 * Instant::DAY_MS);
    world.extend(old.into_iter().map(|case| CaseRecord { case: format!("old {}", case.case), ..case }));
    test.put(&world).await;
    let mut random = StdRng::seed_from_u64(3);
    let mut partial = 0;
    for round in 0..200 {
        let zone = ["UTC", "Europe/Copenhagen", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York"][round % 5];
        let from = Instant::parse("2026-03-25T10:20:30Z").unwrap();
        let question = CaseQuestion {
            period: (round % 3 == 0).then(|| Span { from, until: from.plus_ms(9 * Instant::DAY_MS) }),
            zone: find_zone(zone).unwrap(),
            filters: (0..random.random_range(0..3)).map(|_| any_filter(&mut random)).collect(),
            search: ["", " ", "100%", "ÆRLIG", "a_b", "a\\b", "C00", "17", "%"]
                .get(random.random_range(0..20))
                .map(|&s| s.to_owned()),
            ..CaseQuestion::default()
        };
        let teams: Option<&[&str]> = [None, Some(&["t1", "t3"][..]), Some(&[][..])][[0, 0, 0, 1, 1, 2][round % 6]];
        let sees =
            |case: &CaseRecord| teams.is_none_or(|teams| case.team.as_deref().is_some_and(|t| teams.contains(&t)));
        let expected: BTreeSet<String> =
            world.iter().filter(|case| sees(case) && is_asked(&question, case)).map(|case| case.case.clone()).collect();
        partial += usize::from(!expected.is_empty() && expected.len() < 400);
        assert_eq!(found(&test, teams, &question).await, expected, "{zone} {teams:?} {question:?}");
    }
    assert!(partial > 50, "{partial} questions had an answer that is neither all nor nothing");
}

#[tokio::test]
async fn hours_and_days_are_local_on_the_nights_that_clocks_change() {
    let test = TestStore::open("hours").await;
    let world: Vec<CaseRecord> = [
        // Copenhagen: 01:59 winter time, 03:00 summer time; then 02:30 summer time, 02:30 winter time.
        "2026-03-29T00:59:59.999Z",
        "2026-03-29T01:00:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        // Lord Howe: 01:59 at +10:30, then 02:30 at +11; 01:45 at +11, then 01:45 at +10:30.
        "2026-10-03T15:29:59Z",
        "2026-10-03T15:30:00Z",
        "2026-04-04T14:45:00Z",
        "2026-04-04T15:15:00Z",
        // A Wednesday's last hour and a Thursday's first in UTC, at the epoch.
        "1969-12-31T23:59:59.999Z",
        "1970-01-01T00:00:00Z",
    ]
    .iter()
    .enumerate()
    .map(|(number, at)| case(at, number as i64, Instant::parse(at).unwrap()))
    .collect();
    test.put(&world).await;
    let check = async |zone: &str, attribute, value: &str, expected: &[&str]| {
        let question =
            CaseQuestion { zone: find_zone(zone).unwrap(), ..CaseQuestion::default() }.within(attribute, value);
        let expected: BTreeSet<String> = expected.iter().map(|&id| id.to_owned()).collect();
        assert_eq!(found(&test, None, &question).await, expected, "{zone} {attribute} {value}");
    };
    let (hour, day) = (FilterAttribute::HourOfDay, FilterAttribute::DayOfWeek);
    check("Europe/Copenhagen", hour, "1", &["2026-03-29T00:59:59.999Z", "1970-01-01T00:00:00Z"]).await;
    check("Europe/Copenhagen", hour, "2", &["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]).await;
    check("Europe/Copenhagen", hour, "3", &["2026-03-29T01:00:00Z"]).await;
    let twice = ["2026-10-03T15:29:59Z", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"];
    check("Australia/Lord_Howe", hour, "1", &twice).await;
    check("Australia/Lord_Howe", hour, "2", &["2026-10-03T15:30:00Z"]).await;
    check("UTC", day, "3", &["1969-12-31T23:59:59.999Z"]).await;
    check("UTC", day, "4", &["1970-01-01T00:00:00Z"]).await;
    check("Asia/Kathmandu", day, "4", &["1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z"]).await;
}

#[tokio::test]
async fn hours_are_told_apart_over_two_centuries_and_no_longer() {
    let test = TestStore::open("centuries").await;
    let at = |text| Instant::parse(text).unwrap();
    test.put(&[case("old", 1, at("1900-01-01T12:00:00Z")), case("new", 2, at("2090-07-01T12:00:00Z"))]).await;
    let zone = find_zone("America/New_York").unwrap();
    let question = CaseQuestion { zone, ..CaseQuestion::default() };
    let (hour, day) = (FilterAttribute::HourOfDay, FilterAttribute::DayOfWeek);
    let both = question.clone().within(hour, "7").within(day, "1");
    assert_eq!(found(&test, None, &both).await, BTreeSet::from(["old".to_owned()]));
    assert_eq!(found(&test, None, &question.clone().within(hour, "8")).await, BTreeSet::from(["new".to_owned()]));
    test.put(&[case("far", 3, at("3000-01-01T12:00:00Z"))]).await;
    let question = question.within(hour, "8");
    let error = test.reader(None).0.count_cases(&question).await.unwrap_err();
    assert!(error.to_string().contains("at most 400 changes"), "{error}");
    // A period that keeps clear of the far future is as good as before.
    let period = Some(Span { from: at("2090-01-01T00:00:00Z"), until: at("2091-01-01T00:00:00Z") });
    assert_eq!(found(&test, None, &CaseQuestion { period, ..question }).await, BTreeSet::from(["new".to_owned()]));
}
