//! How long requests may take and how large they and their answers may be. What one may ask is bounded by `graphql::Bounds`, how many may
//! ask by `app::AdmissionBounds`.

use std::time::Duration;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest time of a request.
    pub request_timeout: Duration,
    /// Longest time of an ingest request.
    pub ingest_timeout: Duration,
    /// Largest body of an ingest request once unpacked, in bytes.
    pub ingest_bytes: u64,
    /// Largest body of a GraphQL request, and largest message of a WebSocket, in bytes.
    pub body_bytes: usize,
    /// Longest GraphQL document, in bytes.
    pub document_bytes: usize,
    /// Most words and signs of a GraphQL document.
    pub document_tokens: usize,
    /// Longest variables of a GraphQL request, as JSON, in bytes.
    pub variables_bytes: usize,
    /// Largest answer of a GraphQL request, in bytes.
    pub response_bytes: usize,
    /// Most operations of a batch; 0: batches are not accepted.
    pub batch: usize,
    /// Most connections at a time; each may cost a file descriptor and some buffers, however long it stays silent.
    pub connections: usize,
    /// Most ingest requests that are worked on at a time; others wait. A workspace's writers queue in the database anyway.
    pub ingest_running: usize,
    /// Most operations at once on one WebSocket.
    pub socket_operations: usize,
    /// Longest wait for the first message of a WebSocket.
    pub socket_init_wait: Duration,
    /// How often it is asked again whether who opened a WebSocket is still let in.
    pub socket_judged_each: Duration,
    /// Most lines a second in the log about requests that went well, and as many about others; 0: any number.
    pub log_lines: u32,
    /// Indicates the audit log, where there is one, has the variables too.
    pub audits_variables: bool,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            request_timeout: Duration::from_secs(30),
            ingest_timeout: Duration::from_secs(600),
            ingest_bytes: 64 * 1024 * 1024,
            body_bytes: 1024 * 1024,
            document_bytes: 128 * 1024,
            document_tokens: 15_000,
            variables_bytes: 256 * 1024,
            response_bytes: 64 * 1024 * 1024,
            batch: 0,
            connections: 1_000,
            ingest_running: 4,
            socket_operations: 100,
            socket_init_wait: Duration::from_secs(10),
            socket_judged_each: Duration::from_secs(60),
            log_lines: 200,
            audits_variables: false,
        }
    }
}
