//! Root lists and look-ups; pages forwards and backwards; filters, periods, search and order.

use serde_json::json;

use super::world::{Graph, MANY, texts};

#[tokio::test]
async fn people_and_places_are_found_and_listed() {
    let graph = Graph::new().await;
    let data = graph
        .ask(
            r#"{ viewer { subject role permissions teams { name } workspace { name } }
                 workspace { externalId name timezone asOf revision rederiving
                    businessHours { externalId name from timezone weekly { weekday opens closes } holidays { date name } } }
                 agent(by: {username: "sarah"}) { number name kind isActive presence presenceSince teams { name }
                    cases { totalCount edges { node { externalId } } } }
                 byNumber: agent(by: {number: 18}) { username presence presenceSince }
                 bot: agent(by: {externalId: "bot"}) { kind isActive username teams { id } }
                 agents(orderBy: {field: NUMBER, direction: ASC}, first: 2) { totalCount edges { node { username } } }
                 found: agents(search: "HADDAD") { edges { node { username } } }
                 team(by: {name: "Billing"}) { externalId businessHours { name } cases { totalCount } }
                 teams { totalCount edges { node { name } } }
                 queue(by: {externalId: "q1"}) { name team { name } cases { totalCount } }
                 queues { totalCount edges { node { name } } }
                 tags { totalCount edges { node { name cases { totalCount } } } }
                 channels { externalId label cases { totalCount } }
                 contactPoints { totalCount edges { node { label } } }
                 slaPolicy(by: {name: "Gold"}) { externalId name position isEnabled from cases { totalCount }
                    conditions { channels { externalId } teams { name } queues { name } priorities tags { name } caseTypes }
                    targets { metric priority goalSeconds clock } }
                 slaPolicies { totalCount edges { node { name } } }
                 nobody: agent(by: {externalId: "nobody"}) { id } nothing: case(by: {number: 99}) { id } }"#,
        )
        .await;
    assert_eq!(
        data["viewer"],
        json!({"subject": "kim", "role": "MANAGER", "permissions": ["READ_CASES", "READ_ANALYTICS"], "teams": null, "workspace": {"name": "Acme"}})
    );
    let workspace = &data["workspace"];
    assert_eq!((&workspace["externalId"], &workspace["timezone"]), (&json!("acme"), &json!("Europe/Copenhagen")));
    assert_eq!((&workspace["revision"], &workspace["rederiving"]), (&json!(1), &json!(0)));
    assert_eq!(workspace["asOf"], "2026-06-01T12:00:00.000Z");
    let hours = &workspace["businessHours"];
    assert_eq!((&hours["name"], &hours["from"]), (&json!("Office"), &json!(null)));
    assert_eq!(hours["weekly"][0], json!({"weekday": "MONDAY", "opens": "09:00", "closes": "12:00"}));
    assert_eq!(hours["weekly"][5], json!({"weekday": "FRIDAY", "opens": "22:00", "closes": "02:00"}));
    assert_eq!(hours["holidays"], json!([{"date": "2026-12-25", "name": "Christmas"}]));
    assert_eq!(
        data["agent"],
        json!({"number": 17, "name": "Sarah Chen", "kind": "HUMAN", "isActive": true, "presence": "BUSY",
            "presenceSince": "2026-06-01T11:00:00.000Z", "teams": [{"name": "Billing"}, {"name": "Technics"}],
            "cases": {"totalCount": 2, "edges": [{"node": {"externalId": "k1"}}, {"node": {"externalId": "c1"}}]}})
    );
    assert_eq!(data["byNumber"], json!({"username": "omar", "presence": "OFFLINE", "presenceSince": null}));
    assert_eq!(data["bot"], json!({"kind": "BOT", "isActive": false, "username": null, "teams": []}));
    assert_eq!(texts(&data, "agents.edges.node.username"), "sarah omar");
    assert_eq!(data["agents"]["totalCount"], 3);
    assert_eq!(texts(&data, "found.edges.node.username"), "omar");
    assert_eq!(
        data["team"],
        json!({"externalId": "t1", "businessHours": {"name": "Office"}, "cases": {"totalCount": 2}})
    );
    assert_eq!(texts(&data, "teams.edges.node.name"), "Billing Technics");
    assert_eq!(data["queue"], json!({"name": "Refunds", "team": {"name": "Billing"}, "cases": {"totalCount": 0}}));
    assert_eq!(data["queues"]["totalCount"], 1);
    assert_eq!(texts(&data, "tags.edges.node.name"), "Beta VIP");
    assert_eq!(texts(&data, "tags.edges.node.cases.totalCount"), "1 1");
    assert_eq!(data["channels"][0], json!({"externalId": "email", "label": "Email", "cases": {"totalCount": 2}}));
    assert_eq!(texts(&data, "contactPoints.edges.node.label"), "Help desk");
    assert_eq!(
        data["slaPolicy"],
        json!({"externalId": "gold", "name": "Gold", "position": 1, "isEnabled": true, "from": null, "cases": {"totalCount": 1},
            "conditions": {"channels": [{"externalId": "email"}], "teams": [{"name": "Billing"}], "queues": [{"name": "Refunds"}],
                "priorities": ["normal"], "tags": [{"name": "VIP"}], "caseTypes": ["question"]},
            "targets": [{"metric": "FIRST_REPLY", "priority": "urgent", "goalSeconds": 900.0, "clock": "CALENDAR"},
                {"metric": "FIRST_REPLY", "priority": null, "goalSeconds": 1800.0, "clock": "CALENDAR"},
                {"metric": "RESOLUTION", "priority": null, "goalSeconds": 28800.0, "clock": "BUSINESS"}]})
    );
    assert_eq!(texts(&data, "slaPolicies.edges.node.name"), "Gold Plain");
    assert_eq!((&data["nobody"], &data["nothing"]), (&json!(null), &json!(null)));
}

#[tokio::test]
async fn pages_walk_through_every_row_once() {
    let graph = Graph::with_many().await;
    let all = graph.ask("{ cases(first: 100) { totalCount } }").await["cases"]["totalCount"].clone();
    assert_eq!(all, MANY + 4);
    for (order, size) in [("CREATED_AT", 7), ("NUMBER", 50), ("PRIORITY", 9), ("UPDATED_AT", 100)] {
        for direction in ["ASC", "DESC"] {
            let order = format!("orderBy: {{field: {order}, direction: {direction}}}");
            let forward = walk(&graph, &order, "first", "after", "endCursor", size).await;
            let mut backward = walk(&graph, &order, "last", "before", "startCursor", size).await;
            backward.reverse();
            assert_eq!(forward.concat().len(), MANY + 4, "{order}");
            assert_eq!(forward.concat(), backward.concat(), "{order}");
            let mut ids = forward.concat();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), MANY + 4, "{order}");
        }
    }
}

/// The pages of external ids, in the order in which they were asked for.
async fn walk(graph: &Graph, order: &str, size: &str, from: &str, cursor: &str, rows: usize) -> Vec<Vec<String>> {
    let more = if size == "first" { "hasNextPage" } else { "hasPreviousPage" };
    let (mut pages, mut place) = (Vec::new(), String::new());
    loop {
        let data = graph
            .ask(&format!(
                "{{ cases({order}, {size}: {rows} {place}) {{ edges {{ cursor node {{ externalId }} }}
                    pageInfo {{ {more} {cursor} }} }} }}"
            ))
            .await;
        let cases = &data["cases"];
        pages.push(texts(cases, "edges.node.externalId").split(' ').map(str::to_owned).collect());
        if cases["pageInfo"][more] != true {
            return pages;
        }
        place = format!(", {from}: {}", cases["pageInfo"][cursor]);
    }
}

#[tokio::test]
async fn the_rest_pages_too() {
    let graph = Graph::with_many().await;
    for list in ["agents", "teams", "queues", "tags", "slaPolicies"] {
        let data = graph
            .ask(&format!(
                "{{ all: {list} {{ edges {{ node {{ externalId }} }} }} first: {list}(first: 1) {{ edges {{ cursor }} }}
                    last: {list}(last: 1) {{ totalCount edges {{ node {{ externalId }} }} pageInfo {{ hasPreviousPage }} }} }}"
            ))
            .await;
        let all = texts(&data, "all.edges.node.externalId");
        assert_eq!(data["last"]["totalCount"], all.split(' ').count(), "{list}");
        assert_eq!(texts(&data, "last.edges.node.externalId"), all.split(' ').next_back().unwrap(), "{list}");
        assert_eq!(data["last"]["pageInfo"]["hasPreviousPage"], true, "{list}");
        let rest = graph
            .ask(&format!(
                "{{ {list}(after: {}) {{ edges {{ node {{ externalId }} }} }} }}",
                data["first"]["edges"][0]["cursor"]
            ))
            .await;
        assert_eq!(texts(&rest[list], "edges.node.externalId"), all.split_once(' ').unwrap().1, "{list}");
    }
}

#[tokio::test]
async fn filters_choose_cases() {
    let graph = Graph::new().await;
    let ids = graph
        .ask(r#"{ agent(by: {username: "sarah"}) { id } team(by: {externalId: "t1"}) { id } slaPolicy(by: {name: "Gold"}) { id } }"#)
        .await;
    let check = async |arguments: &str, expected: &str| {
        let data =
            graph.ask(&format!("{{ cases({arguments}) {{ totalCount edges {{ node {{ externalId }} }} }} }}")).await;
        assert_eq!(texts(&data, "cases.edges.node.externalId"), expected, "{arguments}");
        assert_eq!(data["cases"]["totalCount"], expected.split_whitespace().count(), "{arguments}");
    };
    check(&format!("filter: {{agent: [{}]}}", ids["agent"]["id"]), "k1 c1").await;
    check(r#"filter: {agent: ["a1"]}"#, "k1 c1").await;
    check(&format!("filter: {{team: [{}, \"t2\"]}}", ids["team"]["id"]), "c2 k1 c1").await;
    check(&format!("filter: {{slaPolicy: [{}]}}", ids["slaPolicy"]["id"]), "c1").await;
    check("filter: {team: []}", "").await;
    check("filter: {unset: [TEAM]}", "c5").await;
    check(r#"filter: {unset: [TEAM], team: ["t1"]}"#, "").await;
    check(r#"filter: {not: {team: ["t1"]}}"#, "c2 c5").await;
    check("filter: {not: {team: []}}", "c2 k1 c1 c5").await;
    check(r#"filter: {tag: ["vip", "none"]}"#, "c1").await;
    check(r#"filter: {channel: ["email"]}"#, "c1 c5").await;
    check(r#"filter: {initialChannel: ["phone"]}"#, "c1").await;
    check("filter: {initialDirection: [OUTBOUND]}", "c2").await;
    check("filter: {status: [PENDING, RESOLVED]}", "k1 c1").await;
    check(r#"filter: {requester: ["cu2"], priority: ["urgent"]}"#, "c2").await;
    check(r#"filter: {contactPoint: ["cp1"]}"#, "c1").await;
    check(r#"filter: {caseType: ["question"]}"#, "c1").await;
    // c2 was created at 22:30 on Sunday in UTC, which is half past midnight on Monday in Copenhagen.
    check("filter: {hourOfDay: [0]}", "c2").await;
    check("filter: {dayOfWeek: [1]}", "c2").await;
    check(r#"timezone: "UTC", filter: {hourOfDay: [22], dayOfWeek: [7]}"#, "c2").await;
    check("period: {preset: TODAY}", "c2").await;
    check(r#"period: {preset: YESTERDAY}, timezone: "UTC""#, "c2").await;
    check(r#"period: {last: "P7D"}"#, "c2 k1 c1").await;
    check(r#"period: {interval: {from: "2026-05-20T10:00:00+02:00", until: "2026-05-26T08:00:00Z"}}"#, "c5").await;
    check(r#"search: "REFUND""#, "c1").await;
    check(r#"search: "100%""#, "c2").await;
    check(r#"search: "18447""#, "c1").await;
    check("orderBy: {field: NUMBER, direction: ASC}", "c2 c5 k1 c1").await;
    let scoped =
        r#"{ agent(by: {externalId: "a1"}) { cases(filter: {status: [PENDING]}) { edges { node { externalId } } } } }"#;
    assert_eq!(texts(&graph.ask(scoped).await, "agent.cases.edges.node.externalId"), "k1");
}

#[tokio::test]
async fn conditions_know_the_defaults_of_variables() {
    let graph = Graph::new().await;
    let query = "query($yes: Boolean! = true, $no: Boolean! = false) { viewer {
        subject @skip(if: $yes) a: subject @include(if: $yes) b: subject @skip(if: $no) c: subject @include(if: $no)
    } ... @skip(if: $yes) { d: viewer { subject } } }";
    let data = graph.ask(query).await;
    let keys: Vec<_> = data["viewer"].as_object().unwrap().keys().collect();
    assert!(keys == ["a", "b"] && data.get("d").is_none(), "{data}");
}
