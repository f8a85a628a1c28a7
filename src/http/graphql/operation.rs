//! One operation, however it came: looked at before the library sees it, answered, and told to those who watch.

use std::sync::Arc;

use async_graphql::parser::types::{OperationDefinition, OperationType};
use async_graphql::{Response, Variables};
use axum::http::StatusCode;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::parameters::Operation;
use super::render::drop_no_places;
use super::{Refusal, bad_request};
use crate::app::{Asked, Error, Spent, Told};
use crate::graphql::document::Document;
use crate::graphql::error::{code_library_errors, refused};
use crate::graphql::limit::root_fields;
use crate::graphql::{self, Executed, Question};
use crate::http::log::is_audited;
use crate::http::{Door, document};
use crate::model::{Viewer, hex};

/// How an operation came.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// By GET, which may only ask.
    pub is_get: bool,
    /// With the wish to know what it took.
    pub shows_stats: bool,
}

/// An operation that the library may see.
pub enum Prepared {
    /// To be answered.
    Ready(Box<Question>, OperationType),
    /// Wrong in a way that GraphQL has an answer for.
    Wrong(Box<Response>),
}

/// Looks at an operation before the library sees it.
pub fn prepare(door: &Door, operation: Operation, told: &mut Told) -> Result<Prepared, Refusal> {
    document::check_text(&operation.text, &door.limits).map_err(bad_request)?;
    let hash = is_audited().then(|| hex(&Sha256::digest(operation.text.as_bytes())));
    let kept = is_audited() && door.limits.audits_variables;
    let kept = kept.then(|| Value::Object(operation.variables.clone()).to_string());
    let variables = Variables::from_json(Value::Object(operation.variables));
    let question = match door.schema.question(&operation.text) {
        Ok(question) => Question { operation: operation.name, variables, ..question },
        Err(error) => return Ok(Prepared::Wrong(Box::new(Response::from_errors(vec![error])))),
    };
    let document = Arc::clone(&question.document);
    let Some((name, asked)) = document::find_operation(&document.parsed, question.operation.as_deref()) else {
        // The library says what is wrong with that.
        return Ok(Prepared::Ready(Box::new(question), OperationType::Query));
    };
    told.operation = name.map(str::to_owned);
    if let Some(hash) = hash {
        told.asked = Some(Asked { fields: fields_of(&document, asked), document: hash, variables: kept });
    }
    match document::check_variables(asked, &question.variables) {
        Ok(()) => Ok(Prepared::Ready(Box::new(question), asked.ty)),
        Err(error) => Ok(Prepared::Wrong(Box::new(Response::from_errors(vec![refused(&error)])))),
    }
}

/// Answers an operation, once the viewer has a place at work.
pub async fn perform(
    door: &Door,
    viewer: Arc<Viewer>,
    prepared: Prepared,
    how: How,
    told: &mut Told,
) -> Result<Executed, Refusal> {
    let mut executed = match prepared {
        Prepared::Wrong(mut response) => {
            code_library_errors(&mut response);
            Executed { response: *response, is_fixed: false, spent: Spent::default() }
        }
        Prepared::Ready(_, kind) if how.is_get && kind != OperationType::Query => {
            let error = Error::Invalid("GET may only ask queries; send other operations by POST".to_owned());
            return Err((StatusCode::METHOD_NOT_ALLOWED, error));
        }
        // Large, and not to be moved about with what does not come as far as this.
        Prepared::Ready(question, _) => {
            Box::pin(graphql::execute(&door.schema, *question, &door.app, viewer, how.shows_stats)).await
        }
    };
    drop_no_places(&mut executed.response);
    told.spent.add(&executed.spent);
    Ok(executed)
}

/// Fields at the root of an operation, parted by commas.
fn fields_of(document: &Document, operation: &OperationDefinition) -> String {
    // One whose fragments grow without end is refused later and not laid out here.
    match document.bounded {
        Ok(()) => root_fields(&document.parsed, &operation.selection_set).join(","),
        Err(_) => String::new(),
    }
}
