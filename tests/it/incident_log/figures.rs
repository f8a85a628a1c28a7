//! Figures of the incident log besides the known ones, counted in the file by another program: months, closings, assignments, who is
//! credited; and the known ones on the front page.

use serde_json::{Value, json};

use super::{ALL, HANDLE, RESOLUTION, RESOLVERS, check_figures};
use crate::world::World;

const CASES: i64 = 24_918;
const REOPENED: i64 = 275;
/// Cases by the month in which they were opened.
const MONTHS: [(&str, i64); 13] = [
    ("2016-02", 207),
    ("2016-03", 8_995),
    ("2016-04", 7_934),
    ("2016-05", 7_508),
    ("2016-06", 5),
    ("2016-07", 14),
    ("2016-08", 15),
    ("2016-09", 12),
    ("2016-10", 16),
    ("2016-11", 26),
    ("2016-12", 37),
    ("2017-01", 94),
    ("2017-02", 55),
];

pub async fn check(world: &World) {
    check_metrics(world).await;
    check_tables(world).await;
    check_front_page(world).await;
}

async fn ask(world: &World, query: &str) -> Value {
    let answer = world.ask(query).await;
    assert!(answer["errors"].is_null(), "{query}: {}", answer["errors"]);
    answer["data"].clone()
}

async fn check_metrics(world: &World) {
    let april = r#"period: {interval: {from: "2016-04-01T00:00:00Z", until: "2016-05-01T00:00:00Z"}}, timezone: "UTC""#;
    let query = format!(
        "{{ april: metrics({april}) {{ createdCases {{ count }} }}
            phone: metrics({ALL}, filter: {{initialChannel: [\"Phone\"]}}) {{ createdCases {{ count }} }}
            metrics({ALL}) {{
                createdCases {{ series(grain: MONTH) {{ label metric {{ count }} }} }}
                closedCases {{ count }} openCases {{ count }} resolutionRate {{ percentage }} reopenRate {{ numerator denominator }}
                resolutionTime(clock: BUSINESS) {{ median p90: percentile(p: 90) p95: percentile(p: 95) average }}
                assignments {{ by(dimension: AGENT, first: 1) {{ key {{ value }} metric {{ count }} }} }}
                assignmentsPerAgent {{ sampleSize sum maximum }}
            }} }}"
    );
    let data = ask(world, &query).await;
    assert_eq!(data["april"]["createdCases"]["count"], 7_934);
    assert_eq!(data["phone"]["createdCases"]["count"], 24_684);
    let found = &data["metrics"];
    let points = found["createdCases"]["series"].as_array().unwrap().iter();
    let months = points.map(|point| (point["label"].as_str().unwrap(), point["metric"]["count"].as_i64().unwrap()));
    assert_eq!(months.filter(|(_, count)| *count != 0).collect::<Vec<_>>(), MONTHS);
    // Twelve of the cases reopened had been closed.
    assert_eq!(found["closedCases"]["count"], CASES + 12);
    assert_eq!((&found["openCases"]["count"], &found["resolutionRate"]["percentage"]), (&json!(0), &json!(100.0)));
    assert_eq!(found["reopenRate"], json!({"numerator": REOPENED, "denominator": CASES}));
    // The log has no business hours, so that all time counts.
    let business = ["median", "p90", "p95", "average"].map(|of| found["resolutionTime"][of].as_f64().unwrap());
    check_figures("business time", &business, &RESOLUTION);
    // Of the 450 agents 234 are ever assigned.
    let most = json!([{"key": {"value": "Resolver 13"}, "metric": {"count": 3_201}}]);
    assert_eq!(found["assignments"]["by"], most);
    assert_eq!(found["assignmentsPerAgent"], json!({"sampleSize": 234, "sum": 29_459.0, "maximum": 3_201.0}));
}

async fn check_tables(world: &World) {
    let query = format!(
        "{{ months: table(metrics: [{{metric: CREATED_CASES}}], grain: MONTH, {ALL}) {{ rows totalRows }}
            credited: table(metrics: [{{metric: RESOLVED_CASES}}], dimensions: [AGENT], {ALL}) {{ rows isTruncated }} }}"
    );
    let data = ask(world, &query).await;
    let months = data["months"]["rows"].as_array().unwrap().iter();
    let months = months.map(|row| (row[0].as_str().unwrap(), row[2].as_i64().unwrap()));
    assert_eq!(months.filter(|(_, count)| *count != 0).collect::<Vec<_>>(), MONTHS);
    assert_eq!(data["months"]["totalRows"], 23);
    // Of 99 cases nobody is named, so that the assignee then is credited, whose name is of another set.
    let credited = data["credited"]["rows"].as_array().unwrap().iter();
    let credited = credited.map(|row| (row[0].as_str(), row[2].as_i64().unwrap()));
    let resolvers = credited.clone().filter(|(agent, _)| agent.is_some_and(|agent| agent.starts_with("Resolved by ")));
    let resolved = resolvers.clone().map(|(_, cases)| cases).sum::<i64>();
    assert_eq!((resolvers.count(), resolved), (216, CASES - 99));
    assert_eq!(credited.map(|(_, cases)| cases).sum::<i64>(), CASES);
}

async fn check_front_page(world: &World) {
    let query = format!(
        "{{ overview({ALL}) {{
            totalCases openCases resolutionRate averageHandleSeconds medianHandleSeconds averageFirstResponseSeconds customerSatisfaction
            topAgents {{ agent {{ externalId }} resolved }} channelMix {{ percentage }}
        }}
        callers: filterValues(attribute: REQUESTER) {{ totalCount }} agents: filterValues(attribute: AGENT) {{ totalCount }}
        channels: filterValues(attribute: INITIAL_CHANNEL) {{ totalCount }} }}"
    );
    let data = ask(world, &query).await;
    let found = &data["overview"];
    assert_eq!((&found["totalCases"], &found["openCases"]), (&json!(CASES), &json!(0)));
    assert_eq!(found["resolutionRate"], 100.0);
    let handle = ["medianHandleSeconds", "averageHandleSeconds"].map(|of| found[of].as_f64().unwrap());
    check_figures("front page", &handle, &[HANDLE[0], HANDLE[3]]);
    // The log has neither messages nor ratings.
    assert_eq!((&found["averageFirstResponseSeconds"], &found["customerSatisfaction"]), (&Value::Null, &Value::Null));
    let top = found["topAgents"].as_array().unwrap().iter();
    let top = top.map(|of| (of["agent"]["externalId"].as_str().unwrap(), of["resolved"].as_i64().unwrap()));
    assert_eq!(top.collect::<Vec<_>>(), RESOLVERS);
    let shares: f64 = found["channelMix"].as_array().unwrap().iter().map(|of| of["percentage"].as_f64().unwrap()).sum();
    assert!((shares - 100.0).abs() < 1e-9, "{shares}");
    for (list, count) in [("callers", 5_244), ("agents", 450), ("channels", 5)] {
        assert_eq!(data[list]["totalCount"], count, "{list}");
    }
}
