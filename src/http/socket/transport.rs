//! graphql-transport-ws, by the letter of its protocol (github.com/enisdenjo/graphql-ws, PROTOCOL.md): every message, and the code with
//! which a connection is closed that does not keep to it.
//!
//! Who opened a connection is asked again from time to time, so that it ends with the token.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Response, ServerError};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::stream::StreamExt;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{Instant as Moment, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::talk::{Said, Talk};
use super::token_of;
use crate::app::Error;
use crate::http::graphql::parameters::Parameters;
use crate::http::graphql::render::Answered;
use crate::model::Viewer;

/// What a client calls it.
pub const PROTOCOL: &str = "graphql-transport-ws";
/// A client that was silent for so long is asked whether it is there; after as long again it is taken for gone.
const SILENCE: Duration = Duration::from_secs(30);
/// Longest wait for a client to take a message.
const SEND_WAIT: Duration = Duration::from_secs(30);
/// Answers that wait for the client to take them; those who make them wait then, too.
const ANSWERS: usize = 64;
/// Longest id of an operation, in bytes.
const LIMIT_ID_BYTES: usize = 256;

/// A message of a client. Payloads are kept as text until it is known what they should be.
#[derive(Deserialize)]
struct Sent {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    payload: Option<Box<RawValue>>,
}

/// What a client says.
enum Heard {
    Init { payload: Value },
    Ping { payload: Option<Value> },
    Pong,
    Subscribe { id: String, parameters: Parameters },
    Complete { id: String },
}

impl Heard {
    /// Reads a message.
    fn parse(text: &str) -> Result<Heard, Close> {
        let Sent { kind, id: sent_id, payload } =
            serde_json::from_str(text).map_err(|_| Close::wrong("message is no JSON object with a `type`"))?;
        let text = payload.as_deref().map_or("null", RawValue::get);
        let map = || -> Result<Option<Value>, Close> {
            let map: Option<Map<String, Value>> =
                serde_json::from_str(text).map_err(|_| Close::wrong("payload is no JSON object"))?;
            Ok(map.map(Value::Object))
        };
        let id = |id: Option<String>| {
            id.filter(|id| (1..=LIMIT_ID_BYTES).contains(&id.len()))
                .ok_or_else(|| Close::wrong("id is a text of 1 to 256 bytes"))
        };
        match kind.as_str() {
            "connection_init" => Ok(Heard::Init { payload: map()?.unwrap_or_default() }),
            "ping" => Ok(Heard::Ping { payload: map()? }),
            "pong" => Ok(Heard::Pong),
            "complete" => Ok(Heard::Complete { id: id(sent_id)? }),
            "subscribe" => {
                let parameters = serde_json::from_str(text).map_err(|_| {
                    Close::wrong("payload is not of `query`, `operationName`, `variables`, `extensions`")
                })?;
                Ok(Heard::Subscribe { id: id(sent_id)?, parameters })
            }
            _ => Err(Close::wrong("message is of no type of the protocol")),
        }
    }
}

/// Why a connection is closed, as the protocol numbers it.
struct Close(u16, String);

impl Close {
    fn wrong(text: impl Into<String>) -> Close {
        Close(4400, text.into())
    }
}

/// What an operation says. The number tells it from an earlier operation of the same id, of which something may still be on its way.
struct Saying {
    id: String,
    number: u64,
    message: Value,
    is_last: bool,
}

/// One connection.
struct Session {
    talk: Talk,
    /// Who opened it, and by which token, once that is known.
    viewer: Option<(Arc<Viewer>, Option<String>)>,
    running: HashMap<String, (u64, AbortOnDropHandle<()>)>,
    begun: u64,
    say: Sender<Saying>,
}

/// Talks until one of the two has enough.
pub async fn serve(mut socket: WebSocket, talk: Talk) {
    let (say, said) = mpsc::channel(ANSWERS);
    let session = Session { talk, viewer: None, running: HashMap::new(), begun: 0, say };
    if let Err(Close(code, reason)) = session.run(&mut socket, said).await {
        let reason = cut(&reason).to_owned();
        let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        // It may be gone already.
        drop(timeout(SEND_WAIT, socket.send(close)).await);
    }
}

/// A reason no longer than the frame that carries it may be.
fn cut(reason: &str) -> &str {
    const LIMIT_BYTES: usize = 123;
    let end = (0..=LIMIT_BYTES.min(reason.len())).rev().find(|end| reason.is_char_boundary(*end));
    &reason[..end.unwrap_or_default()]
}

async fn send(socket: &mut WebSocket, message: &Value) -> Result<(), Close> {
    let sent = timeout(SEND_WAIT, socket.send(Message::text(message.to_string()))).await;
    // Gone, or as good as gone; nobody will read the reason.
    sent.ok().and_then(Result::ok).ok_or_else(|| Close(1001, String::new()))
}

impl Session {
    async fn run(mut self, socket: &mut WebSocket, mut said: Receiver<Saying>) -> Result<(), Close> {
        let limits = self.talk.door.limits;
        let mut init = pin!(tokio::time::sleep(limits.socket_init_wait));
        let mut silent_until = Moment::now() + SILENCE;
        let mut is_asked = false;
        let mut judged_at = Moment::now();
        loop {
            tokio::select! {
                heard = socket.recv() => {
                    let heard = match heard {
                        Some(Ok(heard)) => heard,
                        None => return Ok(()),
                        // Gone, or a message that is too large or no message; who is gone does not hear it.
                        Some(Err(_)) => return Err(Close(1009, "message cannot be read; it may be too large".to_owned())),
                    };
                    (silent_until, is_asked) = (Moment::now() + SILENCE, false);
                    let answer = match heard {
                        Message::Text(text) => self.hear(&text).await?,
                        Message::Binary(_) => return Err(Close::wrong("messages are text")),
                        Message::Close(_) => {
                            // The answer to it is sent with the next look at the connection.
                            drop(timeout(SEND_WAIT, socket.recv()).await);
                            return Ok(());
                        }
                        Message::Ping(_) | Message::Pong(_) => None,
                    };
                    if let Some(answer) = answer {
                        send(socket, &answer).await?;
                    }
                }
                Some(Saying { id, number, message, is_last }) = said.recv() => {
                    // Else the client wants to hear no more of it.
                    if self.running.get(&id).is_some_and(|(running, _)| *running == number) {
                        if is_last {
                            // The id is free before the client knows that it is.
                            self.running.remove(&id);
                        }
                        send(socket, &message).await?;
                    }
                }
                () = self.talk.door.stopping.cancelled() => return Err(Close(1001, "going away".to_owned())),
                () = &mut init, if self.viewer.is_none() => {
                    return Err(Close(4408, "connection initialisation timeout".to_owned()));
                }
                () = tokio::time::sleep_until(silent_until) => {
                    if is_asked {
                        return Err(Close(1001, "nobody answers".to_owned()));
                    }
                    (silent_until, is_asked) = (Moment::now() + SILENCE, true);
                    send(socket, &json!({"type": "ping"})).await?;
                }
                () = tokio::time::sleep_until(judged_at + limits.socket_judged_each), if self.viewer.is_some() => {
                    judged_at = Moment::now();
                    self.judge_again().await?;
                }
            }
        }
    }

    /// Does what a message asks for; gives what is said at once.
    async fn hear(&mut self, text: &str) -> Result<Option<Value>, Close> {
        match Heard::parse(text)? {
            Heard::Init { .. } if self.viewer.is_some() => {
                Err(Close(4429, "too many initialisation requests".to_owned()))
            }
            Heard::Init { payload } => {
                let token = token_of(&payload);
                let viewer = self.judge(token.as_deref()).await?;
                self.viewer = Some((viewer, token));
                Ok(Some(json!({"type": "connection_ack"})))
            }
            Heard::Ping { payload: None } => Ok(Some(json!({"type": "pong"}))),
            Heard::Ping { payload } => Ok(Some(json!({"type": "pong", "payload": payload}))),
            Heard::Pong => Ok(None),
            Heard::Complete { id } => {
                self.running.remove(&id);
                Ok(None)
            }
            Heard::Subscribe { id, parameters } => self.subscribe(id, parameters),
        }
    }

    fn subscribe(&mut self, id: String, parameters: Parameters) -> Result<Option<Value>, Close> {
        let Some((viewer, _)) = &self.viewer else { return Err(Close(4401, "unauthorized".to_owned())) };
        if self.running.contains_key(&id) {
            return Err(Close(4409, format!("subscriber for {id} already exists")));
        }
        let operation = match parameters.check(&self.talk.door.limits) {
            Ok(operation) => operation,
            Err((_, error @ Error::Invalid(_))) => return Err(Close::wrong(error.to_string())),
            Err((_, error)) => return Ok(Some(error_of(&id, &[super::talk::no_place(&error)]))),
        };
        let most = self.talk.door.limits.socket_operations;
        if self.running.len() >= most {
            let text = format!("more than {most} operations at once on one connection; at most that many are allowed");
            return Ok(Some(error_of(&id, &[super::talk::no_place(&Error::Limit(text))])));
        }
        let mut answers = self.talk.clone().answers(Arc::clone(viewer), operation);
        let (say, limit) = (self.say.clone(), self.talk.door.limits.response_bytes);
        self.begun += 1;
        let (of, number) = (id.clone(), self.begun);
        let work = async move {
            let saying = |message, is_last| Saying { id: id.clone(), number, message, is_last };
            let mut is_refused = false;
            while let Some(said) = answers.next().await {
                let message = message_of(&id, said, limit, &mut is_refused);
                if say.send(saying(message, is_refused)).await.is_err() || is_refused {
                    return;
                }
            }
            // The connection may be gone.
            drop(say.send(saying(json!({"id": id, "type": "complete"}), true)).await);
        };
        self.running.insert(of, (number, AbortOnDropHandle::new(tokio::spawn(work))));
        Ok(None)
    }

    async fn judge(&self, token: Option<&str>) -> Result<Arc<Viewer>, Close> {
        let viewer = timeout(self.talk.door.limits.request_timeout, self.talk.door.identity.of_header(token)).await;
        match viewer {
            Ok(Ok(viewer)) => Ok(viewer),
            Ok(Err(error @ Error::Unauthenticated(_))) => Err(Close(4403, format!("forbidden: {error}"))),
            // The client may come again with the same token.
            Ok(Err(_)) | Err(_) => Err(Close(1013, "try again later".to_owned())),
        }
    }

    /// Ends the connection of who is not let in any more; who cannot be judged now is let be.
    async fn judge_again(&self) -> Result<(), Close> {
        let Some((_, token)) = &self.viewer else { return Ok(()) };
        match self.judge(token.as_deref()).await {
            Err(Close(1013, _)) | Ok(_) => Ok(()),
            Err(close) => Err(close),
        }
    }
}

/// A message with what was said; one that is too long is not sent, and nothing after it.
fn message_of(id: &str, said: Said, limit: usize, is_refused: &mut bool) -> Value {
    let response: Response = match said {
        Said::Next(response) => response,
        Said::Refused(errors) => {
            *is_refused = true;
            return error_of(id, &errors);
        }
    };
    let payload = match crate::http::graphql::render::write(&Answered::of(&response), limit) {
        Ok(bytes) => serde_json::from_slice::<Value>(&bytes).unwrap_or_default(),
        Err((_, error)) => {
            *is_refused = true;
            return error_of(id, &[super::talk::no_place(&error)]);
        }
    };
    json!({"id": id, "type": "next", "payload": payload})
}

fn error_of(id: &str, errors: &[ServerError]) -> Value {
    json!({"id": id, "type": "error", "payload": errors})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_cut_between_letters() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"x".repeat(200)).len(), 123);
        assert_eq!(cut(&"é".repeat(100)).len(), 122);
    }
}
