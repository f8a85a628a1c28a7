//! What both protocols of the WebSocket share: who may come in, and what an operation is answered with, one answer after the other.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Response, ServerError};
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::clock::Stopwatch;
use crate::app::{Error, Told};
use crate::graphql::{self, error::refused};
use crate::http::graphql::operation::{How, Prepared, perform, prepare};
use crate::http::graphql::parameters::Operation;
use crate::http::graphql::render::{Answered, code_of, drop_no_places};
use crate::http::graphql::{Refusal, at_status, enter};
use crate::http::log::tell;
use crate::http::meters::Seen;
use crate::http::{Door, within};
use crate::model::Viewer;

/// One connection's operations, each with loaders of its own. Cheap to clone.
#[derive(Clone)]
pub struct Talk {
    pub(super) door: Arc<Door>,
    request_id: Arc<str>,
    /// A permit for each operation that is being answered or listened to.
    slots: Arc<Semaphore>,
}

/// An answer.
pub enum Said {
    /// Nothing ran, and nothing more will be said.
    Refused(Vec<ServerError>),
    /// What an operation came to, or one of what it comes to.
    Next(Response),
}

impl Talk {
    /// The operations of a connection that was opened by that request.
    pub fn new(door: Arc<Door>, request_id: String) -> Talk {
        let slots = Arc::new(Semaphore::new(door.limits.socket_operations));
        Talk { door, request_id: request_id.into(), slots }
    }

    /// What an operation is answered with.
    pub fn answers(self, viewer: Arc<Viewer>, operation: Operation) -> BoxStream<'static, Said> {
        stream::once(self.begin(viewer, operation)).flatten().boxed()
    }

    async fn begin(self, viewer: Arc<Viewer>, operation: Operation) -> BoxStream<'static, Said> {
        let stopwatch = Stopwatch::start();
        let mut told = Told { viewer: Some(Arc::clone(&viewer)), ..Told::default() };
        let begun = self.try_begin(viewer, operation, &mut told).await;
        let (status, answers) = match begun {
            Ok(answers) => (200, answers),
            Err((status, error)) => {
                told.code = Some(error.code().to_owned());
                (status.as_u16(), stream::iter([Said::Refused(vec![no_place(&error)])]).boxed())
            }
        };
        let seen = Seen { method: "WS", path: "/graphql", status, ms: stopwatch.elapsed_ms() };
        tell(&self.door, seen, &told, &self.request_id);
        answers
    }

    async fn try_begin(
        &self,
        viewer: Arc<Viewer>,
        operation: Operation,
        told: &mut Told,
    ) -> Result<BoxStream<'static, Said>, Refusal> {
        let door = &self.door;
        let slot = Arc::clone(&self.slots).try_acquire_owned().map_err(|_| {
            let most = door.limits.socket_operations;
            let text = format!("more than {most} operations at once on one connection; at most that many are allowed");
            at_status(Error::Limit(text))
        })?;
        door.admission.count(&viewer, 1).map_err(at_status)?;
        let how = How { is_get: false, shows_stats: false };
        match prepare(door, operation, told)? {
            Prepared::Ready(question, OperationType::Subscription) => {
                let answers = graphql::subscribe(&door.schema, *question, &door.app, viewer);
                Ok(answers.map(move |response| said(response, &slot)).boxed())
            }
            prepared => {
                let work = async {
                    let _pass = enter(door, told).await?;
                    perform(door, viewer, prepared, how, told).await
                };
                let executed = within(door.limits.request_timeout, work).await.map_err(at_status).flatten()?;
                told.code = code_of(&executed.response.errors);
                Ok(stream::iter([said(executed.response, &slot)]).boxed())
            }
        }
    }
}

/// One answer; the slot is given back when the last one is, or nobody listens any more.
fn said(mut response: Response, _slot: &OwnedSemaphorePermit) -> Said {
    drop_no_places(&mut response);
    match Answered::of(&response).nothing_ran() {
        true => Said::Refused(response.errors),
        false => Said::Next(response),
    }
}

/// An error of the request as a whole, which has no place in the document.
pub fn no_place(error: &Error) -> ServerError {
    let mut error = refused(error);
    error.locations.clear();
    error
}
