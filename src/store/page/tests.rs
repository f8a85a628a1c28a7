//! Walks through lists, forwards and backwards, while rows come in between.

use crate::model::{CaseOrderField, CaseQuestion, CaseState, Instant, Order, OrderDirection, Window, priority_rank};
use crate::record::CaseRecord;
use crate::store::testing::{TestStore, case, cases};

fn now() -> Instant {
    Instant::parse("2026-02-03T04:05:06Z").unwrap()
}

fn question(field: CaseOrderField, direction: OrderDirection) -> CaseQuestion {
    CaseQuestion { order: Order { field, direction }, ..CaseQuestion::default() }
}

/// Every page one after the other, and whether each said that there is more on the side it came from.
async fn walk(test: &TestStore, question: &CaseQuestion, is_backward: bool) -> Vec<String> {
    let (reader, _) = test.reader(None);
    let mut window = Window { rows: 7, is_backward, ..Window::default() };
    let mut pages: Vec<Vec<String>> = Vec::new();
    loop {
        let page = reader.cases_page(question, &window).await.unwrap();
        let (has_more, came_from) =
            if is_backward { (page.has_previous, page.has_next) } else { (page.has_next, page.has_previous) };
        assert_eq!(came_from, !pages.is_empty());
        if is_backward {
            window.before = page.items.first().map(|(cursor, _)| cursor.clone());
        } else {
            window.after = page.items.last().map(|(cursor, _)| cursor.clone());
        }
        assert!(!has_more || page.items.len() == 7);
        pages.push(page.items.into_iter().map(|(_, case)| case.case).collect());
        if !has_more {
            break;
        }
    }
    if is_backward {
        pages.reverse();
    }
    pages.concat()
}

#[tokio::test]
async fn walks_of_both_ways_give_every_row_once_in_order() {
    let test = TestStore::open("walks").await;
    // Within a minute, so that many rows share an instant to the second; one in ten is spam and in no list.
    let mut world = cases(5, 100, now(), 60);
    test.put(&world).await;
    world.retain(|case| case.state == CaseState::Active);
    for &field in CaseOrderField::ALL {
        let key = |case: &CaseRecord| match field {
            CaseOrderField::CreatedAt => case.created_at.ms(),
            CaseOrderField::UpdatedAt => case.updated_at.ms(),
            CaseOrderField::Number => case.number,
            CaseOrderField::Priority => i64::from(priority_rank(case.priority.as_deref())),
        };
        world.sort_by(|a, b| (key(a), &a.case).cmp(&(key(b), &b.case)));
        let ascending: Vec<String> = world.iter().map(|case| case.case.clone()).collect();
        let descending: Vec<String> = ascending.iter().rev().cloned().collect();
        for (direction, expected) in [(OrderDirection::Asc, &ascending), (OrderDirection::Desc, &descending)] {
            let question = question(field, direction);
            assert_eq!(&walk(&test, &question, false).await, expected, "{field} {direction} forwards");
            assert_eq!(&walk(&test, &question, true).await, expected, "{field} {direction} backwards");
        }
    }
}

#[tokio::test]
async fn rows_that_come_during_a_walk_neither_hide_nor_repeat_others() {
    let test = TestStore::open("arrivals").await;
    let mut world = cases(6, 60, now(), 1_000_000);
    world.retain(|case| case.state == CaseState::Active);
    test.put(&world).await;
    let question = question(CaseOrderField::CreatedAt, OrderDirection::Desc);
    let (reader, _) = test.reader(None);
    let mut window = Window { rows: 10, ..Window::default() };
    let mut seen: Vec<String> = Vec::new();
    for round in 0.. {
        let page = reader.cases_page(&question, &window).await.unwrap();
        window.after = page.items.last().map(|(cursor, _)| cursor.clone());
        seen.extend(page.items.into_iter().map(|(_, case)| case.case));
        if !page.has_next {
            break;
        }
        // One before everything read so far, one after everything.
        let late = case(&format!("late {round}"), 1_000 + round, now().plus_ms(2_000_000 + round));
        let early = case(&format!("early {round}"), 2_000 + round, now().plus_ms(-2_000_000 - round));
        test.put(&[late, early]).await;
    }
    let mut before: Vec<String> = world.into_iter().map(|case| case.case).collect();
    before.sort();
    let mut found: Vec<String> = seen.iter().filter(|id| id.starts_with('c')).cloned().collect();
    found.sort();
    assert_eq!(found, before);
    assert!(seen.contains(&"early 0".to_owned()) && !seen.iter().any(|id| id.starts_with("late")));
}

#[tokio::test]
async fn windows_between_two_cursors_stay_between_them() {
    let test = TestStore::open("between").await;
    test.put(&(0..20).map(|n| case(&format!("c{n:02}"), n, now())).collect::<Vec<_>>()).await;
    let question = question(CaseOrderField::Number, OrderDirection::Asc);
    let (reader, _) = test.reader(None);
    let all = reader.cases_page(&question, &Window { rows: 20, ..Window::default() }).await.unwrap();
    let cursor = |n: usize| Some(all.items[n].0.clone());
    let check = async |rows: usize, is_backward: bool, expected: std::ops::Range<usize>, more: (bool, bool)| {
        let window = Window { rows, is_backward, after: cursor(4), before: cursor(9) };
        let page = reader.cases_page(&question, &window).await.unwrap();
        let ids: Vec<String> = page.items.into_iter().map(|(_, case)| case.case).collect();
        assert_eq!(ids, expected.map(|n| format!("c{n:02}")).collect::<Vec<_>>());
        assert_eq!((page.has_previous, page.has_next), more);
    };
    check(2, false, 5..7, (true, true)).await;
    check(2, true, 7..9, (true, true)).await;
    check(9, false, 5..9, (true, false)).await;
    check(0, false, 0..0, (true, true)).await;
    let foreign = Window { after: cursor(4), ..Window::default() };
    let other =
        CaseQuestion { order: Order { field: CaseOrderField::CreatedAt, ..question.order }, ..question.clone() };
    assert!(reader.cases_page(&other, &foreign).await.is_err(), "a cursor of another order");
}

#[tokio::test]
async fn a_page_of_cases_takes_as_many_statements_however_long() {
    let test = TestStore::open("statements").await;
    test.put(&cases(7, 150, now(), 1_000)).await;
    for rows in [1, 10, 100] {
        let (reader, stats) = test.reader(Some(&["t1", "t2", "t3"]));
        let page = reader.cases_page(&CaseQuestion::default(), &Window { rows, ..Window::default() }).await.unwrap();
        assert_eq!((page.items.len(), stats.sql_statements()), (rows.min(page.items.len()), 1));
        assert!(page.items.len() > rows / 2);
    }
}
