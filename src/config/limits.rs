//! Options that bound what may be asked, each with the bound that holds when nothing is configured: none that the demonstration, its pages
//! or a usual dashboard ever meet.

use std::time::Duration;

use clap::Args;

use super::parse::{parse_span, parse_switch};
use crate::app::{ANSWER_BYTES, AdmissionBounds, ScanBounds};
use crate::graphql::Bounds;
use crate::http::Limits;

/// How much may be asked.
#[derive(Debug, Args)]
pub struct LimitsConfig {
    /// Longest time that a request may take, such as 30s
    #[arg(long, env = "DESKGRAPH_REQUEST_TIMEOUT", hide_env_values = true, default_value = "30s")]
    #[arg(value_name = "SPAN", value_parser = parse_span)]
    pub request_timeout: Duration,
    /// Longest time that one ingest request may take, such as 10m
    #[arg(long, env = "DESKGRAPH_INGEST_TIMEOUT", hide_env_values = true, default_value = "10m")]
    #[arg(value_name = "SPAN", value_parser = parse_span)]
    pub ingest_timeout: Duration,
    /// Largest body of one ingest request once unpacked, in bytes
    #[arg(long, env = "DESKGRAPH_INGEST_LIMIT_BYTES", hide_env_values = true, default_value_t = 64 * 1024 * 1024)]
    #[arg(value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..=1 << 32))]
    pub ingest_limit_bytes: u64,
    /// Memory for answers that are kept for whoever asks the same again, in bytes; 0 keeps none
    #[arg(long, env = "DESKGRAPH_ANSWER_CACHE_BYTES", hide_env_values = true, default_value_t = ANSWER_BYTES)]
    #[arg(value_name = "BYTES")]
    pub answer_cache_bytes: u64,
    /// Most levels of fields of a GraphQL request
    #[arg(long, env = "DESKGRAPH_LIMIT_DEPTH", hide_env_values = true, default_value_t = Bounds::default().depth)]
    pub limit_depth: usize,
    /// Most fields that a GraphQL request may resolve, lists counted with the rows they may have
    #[arg(long, env = "DESKGRAPH_LIMIT_COST", hide_env_values = true, default_value_t = Bounds::default().cost)]
    pub limit_cost: usize,
    /// Most aliases of a GraphQL document
    #[arg(long, env = "DESKGRAPH_LIMIT_ALIASES", hide_env_values = true, default_value_t = Bounds::default().aliases)]
    pub limit_aliases: usize,
    /// Most fields at the root of a GraphQL operation
    #[arg(long, env = "DESKGRAPH_LIMIT_ROOT_FIELDS", hide_env_values = true)]
    #[arg(default_value_t = Bounds::default().root_fields)]
    pub limit_root_fields: usize,
    /// Most directives on one field of a GraphQL document
    #[arg(long, env = "DESKGRAPH_LIMIT_DIRECTIVES", hide_env_values = true)]
    #[arg(default_value_t = Bounds::default().directives)]
    pub limit_directives: usize,
    /// Most fields of a GraphQL document, its fragments laid out
    #[arg(long, env = "DESKGRAPH_LIMIT_FIELDS", hide_env_values = true, default_value_t = Bounds::default().fields)]
    pub limit_fields: usize,
    /// Most words and signs of a GraphQL document
    #[arg(long, env = "DESKGRAPH_LIMIT_TOKENS", hide_env_values = true)]
    #[arg(default_value_t = Limits::default().document_tokens)]
    pub limit_tokens: usize,
    /// Longest GraphQL document, in bytes
    #[arg(long, env = "DESKGRAPH_LIMIT_DOCUMENT_BYTES", hide_env_values = true, value_name = "BYTES")]
    #[arg(default_value_t = Limits::default().document_bytes)]
    pub limit_document_bytes: usize,
    /// Largest body of a GraphQL request, in bytes
    #[arg(long, env = "DESKGRAPH_LIMIT_BODY_BYTES", hide_env_values = true, value_name = "BYTES")]
    #[arg(default_value_t = Limits::default().body_bytes)]
    pub limit_body_bytes: usize,
    /// Longest variables of a GraphQL request, as JSON, in bytes
    #[arg(long, env = "DESKGRAPH_LIMIT_VARIABLES_BYTES", hide_env_values = true, value_name = "BYTES")]
    #[arg(default_value_t = Limits::default().variables_bytes)]
    pub limit_variables_bytes: usize,
    /// Largest answer of a GraphQL request, in bytes
    #[arg(long, env = "DESKGRAPH_LIMIT_RESPONSE_BYTES", hide_env_values = true, value_name = "BYTES")]
    #[arg(default_value_t = Limits::default().response_bytes)]
    pub limit_response_bytes: usize,
    /// Most memory that the passes over rows may take that a request makes together, in bytes
    #[arg(long, env = "DESKGRAPH_LIMIT_SCAN_BYTES", hide_env_values = true, value_name = "BYTES")]
    #[arg(default_value_t = ScanBounds::default().memory_bytes)]
    pub limit_scan_bytes: usize,
    /// Most operations of a GraphQL batch; 0: batches are not accepted
    #[arg(long, env = "DESKGRAPH_LIMIT_BATCH", hide_env_values = true, default_value_t = Limits::default().batch)]
    pub limit_batch: usize,
    /// Requests a second of one viewer, in the long run; 0: any number
    #[arg(long, env = "DESKGRAPH_RATE", hide_env_values = true, default_value_t = AdmissionBounds::default().rate)]
    pub rate: u32,
    /// Requests of one viewer that may come at once
    #[arg(long, env = "DESKGRAPH_RATE_BURST", hide_env_values = true, default_value_t = AdmissionBounds::default().burst)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub rate_burst: u32,
    /// Requests at work at a time, ingest not counted
    #[arg(long, env = "DESKGRAPH_QUEUE_RUNNING", hide_env_values = true)]
    #[arg(default_value_t = AdmissionBounds::default().running, value_parser = at_least_one)]
    pub queue_running: usize,
    /// Requests that wait for their turn; more are refused
    #[arg(long, env = "DESKGRAPH_QUEUE_WAITING", hide_env_values = true, default_value_t = AdmissionBounds::default().waiting)]
    pub queue_waiting: usize,
    /// Longest wait for a turn, such as 10s
    #[arg(long, env = "DESKGRAPH_QUEUE_WAIT", hide_env_values = true, default_value = "10s")]
    #[arg(value_name = "SPAN", value_parser = parse_span)]
    pub queue_wait: Duration,
    /// Connections at a time; further ones wait in the system's queue
    #[arg(long, env = "DESKGRAPH_LIMIT_CONNECTIONS", hide_env_values = true)]
    #[arg(default_value_t = Limits::default().connections, value_parser = at_least_one)]
    pub limit_connections: usize,
    /// Operations at once on one WebSocket
    #[arg(long, env = "DESKGRAPH_LIMIT_SOCKET_OPERATIONS", hide_env_values = true)]
    #[arg(default_value_t = Limits::default().socket_operations, value_parser = at_least_one)]
    pub limit_socket_operations: usize,
    /// Ingest requests at work at a time
    #[arg(long, env = "DESKGRAPH_INGEST_RUNNING", hide_env_values = true)]
    #[arg(default_value_t = Limits::default().ingest_running, value_parser = at_least_one)]
    pub ingest_running: usize,
    /// Lines a second in the log about requests that went well, and as many about others, in the long run; 0: any number
    #[arg(long, env = "DESKGRAPH_LIMIT_LOG_LINES", hide_env_values = true, default_value_t = Limits::default().log_lines)]
    pub limit_log_lines: u32,
    /// Whether the schema tells what is in it: on or off
    #[arg(long, env = "DESKGRAPH_INTROSPECTION", hide_env_values = true, default_value = "on")]
    #[arg(value_name = "SWITCH", value_parser = parse_switch, action = clap::ArgAction::Set)]
    pub introspection: bool,
    /// Whether an error about an unknown name tells names that are like it: on or off
    #[arg(long, env = "DESKGRAPH_SUGGESTIONS", hide_env_values = true, default_value = "on")]
    #[arg(value_name = "SWITCH", value_parser = parse_switch, action = clap::ArgAction::Set)]
    pub suggestions: bool,
    /// Whether the audit log has the variables of requests, too: on or off
    #[arg(long, env = "DESKGRAPH_AUDIT_VARIABLES", hide_env_values = true, default_value = "off")]
    #[arg(value_name = "SWITCH", value_parser = parse_switch, action = clap::ArgAction::Set)]
    pub audit_variables: bool,
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|count| (1..=1_000_000).contains(count))
        .ok_or_else(|| "not a number from 1 to 1000000".to_owned())
}

impl LimitsConfig {
    /// Bounds of what a request may ask of the graph.
    pub fn bounds(&self) -> Bounds {
        Bounds {
            depth: self.limit_depth,
            cost: self.limit_cost,
            aliases: self.limit_aliases,
            root_fields: self.limit_root_fields,
            directives: self.limit_directives,
            fields: self.limit_fields,
            has_introspection: self.introspection,
            has_suggestions: self.suggestions,
        }
    }

    /// How long and how large requests and answers may be.
    pub fn limits(&self) -> Limits {
        Limits {
            request_timeout: self.request_timeout,
            ingest_timeout: self.ingest_timeout,
            ingest_bytes: self.ingest_limit_bytes,
            body_bytes: self.limit_body_bytes,
            document_bytes: self.limit_document_bytes,
            document_tokens: self.limit_tokens,
            variables_bytes: self.limit_variables_bytes,
            response_bytes: self.limit_response_bytes,
            batch: self.limit_batch,
            audits_variables: self.audit_variables,
            connections: self.limit_connections,
            socket_operations: self.limit_socket_operations,
            ingest_running: self.ingest_running,
            log_lines: self.limit_log_lines,
            ..Limits::default()
        }
    }

    /// How many may come in.
    pub fn admission(&self) -> AdmissionBounds {
        AdmissionBounds {
            rate: self.rate,
            burst: self.rate_burst,
            running: self.queue_running,
            waiting: self.queue_waiting,
            longest_wait: self.queue_wait,
        }
    }

    /// Bounds of passes over rows; one takes no longer than a request may.
    pub fn scan(&self) -> ScanBounds {
        let usual = ScanBounds::default();
        ScanBounds { memory_bytes: self.limit_scan_bytes, time: usual.time.min(self.request_timeout) }
    }
}
