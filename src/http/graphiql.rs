//! The GraphiQL page, with its example tabs.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use super::assets::Page;

/// Example tabs: a title for the tests and the text that the tab opens with.
pub const EXAMPLES: [(&str, &str); 7] = [
    ("metrics", include_str!("../../web/examples/metrics.graphql")),
    ("SLA", include_str!("../../web/examples/sla.graphql")),
    ("cases", include_str!("../../web/examples/cases.graphql")),
    ("case", include_str!("../../web/examples/case.graphql")),
    ("agents", include_str!("../../web/examples/agents.graphql")),
    ("viewer", include_str!("../../web/examples/viewer.graphql")),
    ("node", include_str!("../../web/examples/node.graphql")),
];

static PAGE: LazyLock<Page> = LazyLock::new(|| {
    Page::new(|| {
        let tabs: Vec<_> = EXAMPLES.iter().map(|(_, query)| json!({"query": query})).collect();
        // A `<` in the data could end the element that holds it.
        let tabs = serde_json::Value::from(tabs).to_string().replace('<', "\\u003c");
        include_str!("../../web/page.html").replace("EXAMPLES", &tabs)
    })
});

/// Answers `/graphiql`.
pub async fn page(headers: HeaderMap) -> Response {
    PAGE.answer(&headers)
}
