//! Where the log goes: to standard error; the audit log to its file; spans to a collector.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Level;
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt, registry};

use crate::config::{LogConfig, LogFormat};
use crate::http::log::{AUDIT, keep_audit};
use crate::server::Failure;

/// Target of the spans of requests, fields, look-ups, SQL and scans.
const SPANS: &str = "deskgraph::trace";

/// What is being written; dropping it waits until all is.
pub struct Logs {
    _lines: Vec<WorkerGuard>,
    spans: Option<SdkTracerProvider>,
}

impl Drop for Logs {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.spans.take().map(|spans| spans.shutdown()) {
            eprintln!("deskgraph: last spans could not be sent: {error}");
        }
    }
}

/// Sends the log where the options say, from threads of their own that write what has gathered at once.
///
/// # Errors
/// When the file of the audit log cannot be opened, or the address of the collector cannot be one.
pub fn start_log(config: &LogConfig) -> Result<Logs, Failure> {
    // The crates below speak of themselves; what they say is of use only when something is wrong with them. The audit log is no part of this.
    let quiet = "sqlx=warn,sea_orm=warn,sea_orm_migration=warn,hyper=warn,hyper_util=warn,reqwest=warn,tower_http=warn,opentelemetry=warn";
    let filter = EnvFilter::builder().parse_lossy(format!("{quiet},{},{AUDIT}=off", config.log_level));
    let (lines, written) = behind(io::stderr());
    let mut guards = vec![written];
    // Spans that the level lets through leave a line when they end.
    let shown = fmt::layer().with_writer(lines).with_span_events(FmtSpan::CLOSE);
    let shown = match config.log_format {
        LogFormat::Text => shown.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => shown.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed(),
    };
    let audit = match &config.audit_log {
        Some(path) => {
            keep_audit();
            let (lines, written) = behind(open_private(path)?);
            guards.push(written);
            let layer = fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(false);
            let layer = layer.with_level(false).with_target(false).with_writer(lines);
            Some(layer.with_filter(Targets::new().with_target(AUDIT, Level::INFO)))
        }
        None => None,
    };
    let spans = config.otlp_endpoint.as_deref().map(collector).transpose()?;
    let traced = spans.as_ref().map(traced);
    let started = registry().with(shown.with_filter(filter)).with(audit).with(traced).try_init();
    // It only fails when somebody has set one already, as tests do.
    drop(started);
    Ok(Logs { _lines: guards, spans })
}

/// A writer whose lines a thread of its own writes. A full queue makes whoever logs wait; only what the system does not write is lost.
fn behind(writer: impl Write + Send + 'static) -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default().lossy(false).finish(BufWriter::new(writer))
}

/// A file to add to, for nobody else to read.
fn open_private(path: &Path) -> Result<std::fs::File, Failure> {
    use std::os::unix::fs::OpenOptionsExt;
    let opened = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    opened.map_err(Failure::system(format!("audit log {}", path.display())))
}

/// Sends spans to a collector by OTLP over HTTP, batch by batch.
fn collector(endpoint: &str) -> Result<SdkTracerProvider, Failure> {
    crate::auth::key_source::choose_cryptography();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()
        .map_err(|error| Failure::Wrong(format!("spans cannot be sent to the collector: {error}")))?;
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let resource = Resource::builder().with_service_name("deskgraph").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

fn traced<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("deskgraph"));
    layer.with_filter(Targets::new().with_target(SPANS, Level::DEBUG))
}
