//! Who sees what: every read of everything, by viewers of all, some and no teams, and of another workspace.

use std::collections::BTreeSet;

use super::Reader;
use crate::model::{
    Agent, AgentKind, AgentOrderField, Case, CaseLine, CaseQuestion, Channel, ClockMode, ContactPoint, Customer, Event,
    EventBody, EventKind, Instant, Order, OrderDirection, Patch, PresenceStatus, Queue, SlaMetric, SlaPolicy, Tag,
    Team, Visibility, Window,
};
use crate::record::{Derived, PresenceRecord, RatingRecord, SlaClockRecord};
use crate::store::StoreError;
use crate::store::entity as e;
use crate::store::row::case::SupportCaseRow;
use crate::store::row::case_record::CaseRecordRow;
use crate::store::row::event::EventRow;
use crate::store::row::{directory as d, record, reference};
use crate::store::testing::{TestStore, case as case_record};

fn now() -> Instant {
    Instant::parse("2026-02-03T04:05:06Z").unwrap()
}

fn message(id: &str, of: &str, seq: Option<i64>) -> Event {
    Event {
        id: id.to_owned(),
        case: of.to_owned(),
        at: now(),
        seq,
        actor: None,
        action: None,
        body: EventBody::Message { visibility: Visibility::Public, opening: None, edited_at: None },
    }
}

fn clock(metric: SlaMetric, ordinal: i32, is_left_out: bool) -> SlaClockRecord {
    SlaClockRecord {
        metric,
        ordinal,
        policy: "gold".to_owned(),
        policy_from: None,
        clock: ClockMode::Calendar,
        goal_ms: 1,
        started_at: now(),
        due_at: None,
        completed_at: None,
        is_paused: false,
        paused_since: None,
        running_since: None,
        counted_calendar_ms: 0,
        counted_business_ms: 0,
        judged_calendar_ms: None,
        judged_business_ms: None,
        is_left_out,
        agent: None,
        team: None,
        queue: None,
    }
}

/// Case c1 is team t1's now, c2 t2's, c3 nobody's; each has a customer, two messages, three clocks and a rating of its own.
async fn fill(test: &TestStore) {
    let w = test.workspace.as_str();
    for (n, team) in [(1, Some("t1")), (2, Some("t2")), (3, None)] {
        let id = format!("c{n}");
        let mut row = case_record(&id, n, now());
        (row.team, row.requester) = (team.map(Into::into), Some(format!("cu{n}")));
        (row.tags, row.policies_ever) = (vec!["a".into(), "b".into()], vec!["gold".into()]);
        test.put(std::slice::from_ref(&row)).await;
        let line = CaseLine { id: id.clone(), created_at: Some(now()), ..CaseLine::default() };
        let source = Case::create(line, n).unwrap();
        let source = SupportCaseRow::new(w, &source, false).unwrap();
        test.insert::<e::support_case::Entity>(vec![source]).await;
        let mut rated = message(&format!("r{n}"), &id, None);
        rated.body = EventBody::Rating {
            offered_at: None,
            score: Some(5),
            comment: None,
            agent: Patch::Absent,
            team: Patch::Absent,
            queue: Patch::Absent,
        };
        let events = [message(&format!("m{n}"), &id, Some(1)), message(&format!("n{n}"), &id, None), rated];
        let events = events.iter().map(|of| EventRow { workspace: w, of, standing: 0 }).collect();
        test.insert::<e::event::Entity>(events).await;
        let clocks = [
            clock(SlaMetric::Resolution, 0, false),
            clock(SlaMetric::NextReply, 0, true),
            clock(SlaMetric::FirstReply, 0, false),
        ];
        let rating = RatingRecord {
            id: format!("r{n}"),
            rated_at: now(),
            offered_at: None,
            score: 5,
            comment: None,
            agent: None,
            team: None,
            queue: None,
        };
        let mut derived = Derived::of_case(row);
        (derived.sla_clocks, derived.ratings) = (clocks.to_vec(), vec![rating]);
        test.insert::<e::case_history::Entity>(vec![record::of_derived(w, &derived).unwrap()]).await;
        let customer = Customer { id: format!("cu{n}"), name: None, created_at: None };
        test.insert::<e::customer::Entity>(vec![d::of_customer(w, &customer)]).await;
    }
    let waiting = message("m9", "not come", None);
    let waiting = vec![EventRow { workspace: w, of: &waiting, standing: 0 }];
    test.insert::<e::event::Entity>(waiting).await;
    fill_directory(test).await;
}

async fn fill_directory(test: &TestStore) {
    let w = test.workspace.as_str();
    for (id, name, number, teams) in
        [("a1", "Zoe", 7, vec!["t1", "t2"]), ("a2", "Ærø", 8, vec![]), ("a3", "Zoe", 9, vec!["t1"])]
    {
        let agent = Agent {
            id: id.to_owned(),
            number,
            name: name.to_owned(),
            username: Some(name.to_lowercase()),
            email: None,
            kind: AgentKind::Human,
            is_active: true,
            teams: teams.into_iter().map(str::to_owned).collect(),
        };
        test.insert::<e::agent::Entity>(vec![d::of_agent(w, &agent)]).await;
        test.insert::<e::agent_team::Entity>(d::of_agent_teams(w, &agent)).await;
    }
    let spell = |from_at, until_at, status| PresenceRecord { agent: "a1".to_owned(), status, from_at, until_at };
    let spells = [
        spell(now(), Some(now().plus_ms(5)), PresenceStatus::Busy),
        spell(now().plus_ms(5), None, PresenceStatus::Away),
    ];
    let spells = spells.iter().map(|of| d::of_presence_record(w, of)).collect();
    test.insert::<e::presence_record::Entity>(spells).await;
    test.insert::<e::team::Entity>(["t1", "t2"].map(|id| d::of_team(w, &Team::named(id))).to_vec()).await;
    let same = |id: &str| d::of_queue(w, &Queue { name: "same".to_owned(), ..Queue::named(id) });
    test.insert::<e::queue::Entity>(vec![same("q2"), same("q1")]).await;
    test.insert::<e::tag::Entity>(vec![d::of_tag(w, &Tag::named("a"))]).await;
    test.insert::<e::channel::Entity>(vec![d::of_channel(w, &Channel::named("email"))]).await;
    let point = d::of_contact_point(w, &ContactPoint::named("p1"));
    test.insert::<e::contact_point::Entity>(vec![point]).await;
    let version = |id: &str, name: &str, position, from| {
        let policy = SlaPolicy { name: name.to_owned(), position, ..SlaPolicy::named(id, from) };
        reference::of_sla_policy(w, &policy).unwrap()
    };
    // Gold was tried first; by its latest version it is tried last.
    let versions = vec![
        version("gold", "Gold", 1, None),
        version("gold", "Aurum", 9, Some(now())),
        version("iron", "Iron", 5, None),
    ];
    test.insert::<e::sla_policy::Entity>(versions).await;
}

/// Everything that can be read of cases, by the kind of read: the ids found.
async fn of_cases(reader: &Reader) -> Result<Vec<(&'static str, BTreeSet<String>)>, StoreError> {
    let ids = |prefix: &str| (1..10).map(|n| format!("{prefix}{n}")).collect::<Vec<_>>();
    let cases = ids("c");
    let question = CaseQuestion::default();
    let page = reader.cases_page(&question, &Window::default()).await?;
    let mut timelines = BTreeSet::new();
    for id in &cases {
        let events = reader.timeline_page(id, None, &Window::default()).await?;
        assert_eq!(reader.count_timeline(id, None).await?, events.items.len() as i64);
        timelines.extend(events.items.into_iter().map(|(_, event)| event.case));
    }
    assert_eq!(reader.count_cases(&question).await?, page.items.len() as i64);
    let by_id = reader.ratings_by_id(&ids("r")).await?;
    Ok(vec![
        ("cases", reader.cases(&cases).await?.into_keys().collect()),
        ("numbers", reader.cases_by_number(&[1, 2, 3, 4]).await?.into_values().map(|case| case.case).collect()),
        ("sources", reader.case_sources(&cases).await?.into_keys().collect()),
        ("page", page.items.into_iter().map(|(_, case)| case.case).collect()),
        ("clocks", reader.clocks(&cases).await?.into_keys().collect()),
        ("ratings", reader.ratings(&cases).await?.into_keys().collect()),
        ("ratings by id", by_id.into_values().map(|(case, _)| case).collect()),
        ("events", reader.events(EventKind::Message, &ids("m")).await?.into_values().map(|e| e.case).collect()),
        ("events of", reader.events_of(&cases).await?.into_keys().collect()),
        ("timeline", timelines),
        ("customers", reader.customers(&ids("cu")).await?.into_keys().map(|id| id.replace("cu", "c")).collect()),
    ])
}

#[tokio::test]
async fn a_case_and_all_of_it_is_seen_by_those_who_see_its_team_now() {
    let test = TestStore::open("visibility").await;
    fill(&test).await;
    let check = async |teams: Option<&[&str]>, expected: &[&str]| {
        let expected: BTreeSet<String> = expected.iter().map(|&id| id.to_owned()).collect();
        for (read, found) in of_cases(&test.reader(teams).0).await.unwrap() {
            assert_eq!(found, expected, "{read} by {teams:?}");
        }
    };
    check(None, &["c1", "c2", "c3"]).await;
    check(Some(&["t1"]), &["c1"]).await;
    check(Some(&["t2", "t9"]), &["c2"]).await;
    check(Some(&[]), &[]).await;
    let other = test.beside("another");
    for (read, found) in of_cases(&other.reader(None).0).await.unwrap() {
        assert!(found.is_empty(), "{read} of another workspace");
    }
}

#[tokio::test]
async fn a_thing_that_moves_to_another_team_is_seen_by_that_team() {
    let test = TestStore::open("moves").await;
    fill(&test).await;
    let mut moved = case_record("c1", 1, now());
    (moved.team, moved.requester) = (Some("t2".into()), Some("cu1".into()));
    let rows = vec![CaseRecordRow { workspace: &test.workspace, of: &moved }];
    test.upsert::<e::case_record::Entity>(rows).await;
    for (read, found) in of_cases(&test.reader(Some(&["t1"])).0).await.unwrap() {
        assert!(found.is_empty(), "{read}");
    }
}

#[tokio::test]
async fn many_keys_are_one_statement() {
    let test = TestStore::open("one statement").await;
    fill(&test).await;
    let many: Vec<String> = (0..300).map(|n| format!("c{n}")).collect();
    for teams in [None, Some(&["t1"][..])] {
        let (reader, stats) = test.reader(teams);
        let mut before = 0;
        let mut took = |what: &str, expected: u64| {
            assert_eq!(stats.sql_statements() - before, expected, "{what}");
            before = stats.sql_statements();
        };
        reader.cases(&many).await.unwrap();
        took("cases", 1);
        reader.case_sources(&many).await.unwrap();
        took("sources", 1);
        reader.clocks(&many).await.unwrap();
        took("clocks", 1);
        reader.ratings(&many).await.unwrap();
        took("ratings", 1);
        reader.events_of(&many).await.unwrap();
        took("events", 1);
        reader.agents(&many).await.unwrap();
        took("agents with their teams", 1);
        reader.customers(&many).await.unwrap();
        took("customers", 1);
        reader.policies(&many).await.unwrap();
        took("policies", 1);
        reader.cases(&[]).await.unwrap();
        took("nothing", 0);
    }
}

#[tokio::test]
async fn what_is_read_is_sorted_and_whole() {
    let test = TestStore::open("whole").await;
    fill(&test).await;
    let (reader, _) = test.reader(None);
    let one = |id: &str| [id.to_owned()];
    let case = reader.cases(&one("c1")).await.unwrap().remove("c1").unwrap();
    assert_eq!((case.tags, case.policies_ever), (vec!["a".to_owned(), "b".to_owned()], vec!["gold".to_owned()]));
    let clocks = reader.clocks(&one("c1")).await.unwrap().remove("c1").unwrap();
    // The one left out of every figure is not there.
    assert_eq!(clocks.iter().map(|c| c.metric).collect::<Vec<_>>(), [SlaMetric::FirstReply, SlaMetric::Resolution]);
    // Without the source's order comes before with it; one page a row, from both ends.
    let first = reader.timeline_page("c1", None, &Window { rows: 1, ..Window::default() }).await.unwrap();
    assert_eq!((first.items[0].1.id.as_str(), first.has_next), ("n1", true));
    let after = Window { after: Some(first.items[0].0.clone()), ..Window::default() };
    let rest = reader.timeline_page("c1", Some(&[EventKind::Message]), &after).await.unwrap();
    assert_eq!(rest.items.iter().map(|(_, event)| event.id.as_str()).collect::<Vec<_>>(), ["m1"]);
    assert_eq!(reader.count_timeline("c1", Some(&[])).await.unwrap(), 0);
    assert_eq!(reader.count_timeline("c1", Some(&[EventKind::Rating])).await.unwrap(), 1);
    assert_eq!(reader.count_timeline("c1", Some(&[EventKind::Sla])).await.unwrap(), 0);
    let presence = reader.presence_now(&one("a1")).await.unwrap().remove("a1").unwrap();
    assert_eq!(presence.status, PresenceStatus::Away);
    assert_eq!(reader.all_channels().await.unwrap(), [Channel::named("email")]);
}

#[tokio::test]
async fn the_directory_is_found_by_key_name_and_page() {
    let test = TestStore::open("directory").await;
    fill(&test).await;
    // Whoever sees no case sees the directory all the same.
    let (reader, _) = test.reader(Some(&[]));
    let agents = reader.agents(&["a1".to_owned(), "a2".to_owned(), "a9".to_owned()]).await.unwrap();
    assert_eq!(agents.len(), 2);
    assert_eq!((&agents["a1"].teams[..], &agents["a2"].teams[..]), (&["t1".to_owned(), "t2".to_owned()][..], &[][..]));
    assert_eq!(reader.agents_by_number(&[9]).await.unwrap()[&9].teams, ["t1"]);
    // Of two with one login name the one with the smallest id.
    assert_eq!(reader.agents_by_username(&["zoe".to_owned()]).await.unwrap()["zoe"].id, "a1");
    assert_eq!(reader.queues_by_name(&["same".to_owned()]).await.unwrap()["same"].id, "q1");
    let check = async |search: Option<&str>, field, direction, expected: &[&str]| {
        let page = reader.agents_page(search, Order { field, direction }, &Window::default()).await.unwrap();
        let ids: Vec<String> = page.items.into_iter().map(|(_, agent)| agent.id).collect();
        assert_eq!(ids, expected, "{search:?}");
        assert_eq!(reader.count_agents(search).await.unwrap(), expected.len() as i64);
    };
    check(None, AgentOrderField::Number, OrderDirection::Desc, &["a3", "a2", "a1"]).await;
    check(None, AgentOrderField::Name, OrderDirection::Asc, &["a1", "a3", "a2"]).await;
    check(Some("ÆR"), AgentOrderField::Name, OrderDirection::Asc, &["a2"]).await;
    check(Some("%"), AgentOrderField::Name, OrderDirection::Asc, &[]).await;
    let page = reader.policies_page(&Window { rows: 1, ..Window::default() }).await.unwrap();
    assert_eq!((page.items[0].1[0].id.as_str(), page.has_next), ("iron", true));
    let after = Window { after: Some(page.items[0].0.clone()), ..Window::default() };
    let page = reader.policies_page(&after).await.unwrap();
    assert_eq!(page.items[0].1.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(), ["Gold", "Aurum"]);
    assert_eq!(reader.count_policies().await.unwrap(), 2);
    let named = reader.policies_by_name(&["Aurum".to_owned(), "Gold".to_owned(), "Tin".to_owned()]).await.unwrap();
    assert_eq!((named.len(), named["Aurum"].len()), (2, 2));
    let counts = (reader.count_teams().await.unwrap(), reader.count_tags().await.unwrap());
    assert_eq!((counts, reader.count_contact_points().await.unwrap()), ((2, 1), 1));
    let queues = reader.queues_page(&Window::default()).await.unwrap();
    assert_eq!(queues.items.iter().map(|(_, queue)| queue.id.as_str()).collect::<Vec<_>>(), ["q1", "q2"]);
}

#[tokio::test]
async fn a_workspace_that_nothing_came_to_is_there_all_the_same() {
    let test = TestStore::open("empty").await;
    let (reader, _) = test.reader(None);
    let state = reader.workspace_state().await.unwrap();
    assert_eq!((state.workspace.id, state.revision, state.as_of), (test.workspace.clone(), 0, None));
    let question = CaseQuestion::default().within(crate::model::FilterAttribute::HourOfDay, "3");
    assert_eq!(reader.count_cases(&question).await.unwrap(), 0);
}
