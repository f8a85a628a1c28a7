//! The description of all dialects, OpenAPI 3.1: made of the handlers and the types that they answer with, so that it cannot say otherwise
//! than they do.

use std::sync::Arc;

use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, Schema};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Gate, dixa, kayako, opencx, pingback, rocketchat};

#[derive(OpenApi)]
#[openapi(
    info(title = "Deskgraph's REST dialects", description = "The endpoints of five systems, on the numbers of one graph."),
    components(schemas(
        dixa::Refusal,
        kayako::Reason,
        kayako::Refusal,
        opencx::Refusal,
        pingback::Refusal,
        rocketchat::Refusal,
        rocketchat::Unauthorized,
    )),
    tags(
        (name = "open.cx", description = "SLA analytics. Token: `Authorization: Bearer …`."),
        (name = "Dixa", description = "Analytics. Token: `Authorization: …`, by itself."),
        (name = "Rocket.Chat", description = "Agent overview and overview. Token: `X-Auth-Token`, its subject: `X-User-Id`."),
        (name = "Kayako", description = "Metrics of a case. Token: `Authorization: Bearer …`."),
        (name = "Pingback", description = "Overview. Token: `Authorization: Bearer …`."),
    )
)]
struct Document;

/// The routes, each with its description.
pub fn routes() -> OpenApiRouter<Arc<Gate>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(opencx::answer_overview))
        .routes(routes!(opencx::answer_breakdown))
        .routes(routes!(opencx::answer_trend))
        .routes(routes!(dixa::answer_metrics, dixa::answer_metric_data))
        .routes(routes!(dixa::answer_metric))
        .routes(routes!(dixa::answer_records, dixa::answer_records_data))
        .routes(routes!(dixa::answer_record))
        .routes(routes!(dixa::answer_filter_values))
        .routes(routes!(rocketchat::answer_agent_overview))
        .routes(routes!(rocketchat::answer_overview))
        .routes(routes!(kayako::answer_metrics))
        .routes(routes!(pingback::answer_overview))
}

/// The description, as text.
///
/// # Errors
/// None in fact; the library offers one.
pub fn text() -> Result<String, serde_json::Error> {
    document().to_pretty_json()
}

/// The description.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = routes().into_openapi();
    // The library takes an empty one from the manifest.
    document.info.license = None;
    let key = |name: &str, description: &str| {
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, description)))
    };
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme("dixa", key("Authorization", "The token by itself"));
    components.add_security_scheme("rocketChatToken", key("X-Auth-Token", "The token"));
    components.add_security_scheme("rocketChatUser", key("X-User-Id", "The token's subject"));
    components.schemas.values_mut().for_each(close);
    document
}

/// Says of an object with named properties that it has no others: neither do ours, nor is a field of a request ignored.
fn close(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) if !object.properties.is_empty() => {
            object.additional_properties.get_or_insert_with(|| Box::new(AdditionalProperties::FreeForm(false)));
        }
        RefOr::T(Schema::OneOf(several)) => several.items.iter_mut().for_each(close),
        _ => {}
    }
}
