//! Deskgraph: one typed GraphQL graph over all of a support organisation's data.
//!
//! This page is the map. It says where everything is, what holds everywhere, and how the commonest requests walk through the
//! house. When a change makes a sentence here untrue, the sentence changes with it.
//!
//! # The idea
//!
//! Helpdesks send what happened (events) and who was there (reference lines). Events and the rows derived from them live in SQL; that
//! is the truth. Deriving is a pure function of one case's events, its workspace's rules and nothing else, so the order in which
//! lines arrive never matters. Doors (GraphQL, the REST dialects, ingest, the command line) are only wide enough to pass through: they translate, call
//! a use case, render. Every arrow points down.
//!
//! # Layers
//!
//! ```text
//! 7  main cli server config   start, stop, read the environment
//! 6  http                     axum: mounts the doors; limits, health, request and audit log, meters, TLS
//! 5  graphql rest             the graph: one file a noun | the dialects of other systems: one file each; strangers to each other
//! 4  app                      use cases; Clock, Error; the only place where level 3 meets
//! 3  store engine import auth   SeaORM | columns in memory | parsing | tokens, key sets, API keys; strangers to each other
//! 2  metric                   what a metric is, what a question means, what an answer looks like
//! 1  record                   derived rows, and how each follows from one case's events
//! 0  model                    the words: Case, Event, Agent, SlaPolicy, BusinessHours, Period, Viewer …
//!
//! migrations/                 a package of its own; `store` runs it
//! web/                        the pages (GraphiQL, the dialects' description); their assets are fetched by the build and embedded
//! tests/fuzz/                 the laws of the parsers that face the network, for the ordinary tests and for `scripts/fuzz`
//! tests/frontend/             what frontend teams do with the schema and the gateway, done with npm's packages
//! ```
//!
//! The columnar picture ([`engine::picture`]) is drawn from the derived rows and follows them by the log of changes that every write
//! transaction leaves (`store::change`); `app::picture` brings it up to date before a question is answered. It is kept as a file, too, so
//! that a start need not draw it.
//!
//! # Invariants
//!
//! Those marked T are enforced by `tests/it/tidy.rs`, those marked C by `clippy.toml`.
//!
//! 1. T A layer imports only lower layers; siblings never import each other.
//! 2. T Foreign crates have one home: `sea_orm` in `store` and `migrations`, `arrow` in `engine`, `async_graphql` and `dataloader` in `graphql` (and its
//!    mount in `http`), `axum` in `http` and `rest`, `utoipa` in `rest`, `jsonwebtoken` in `auth`, `governor` in `app`, `prometheus_client` in
//!    `http`, `reqwest` in `auth` and `cli`, OpenTelemetry in `cli` (and the reading of `traceparent` in `http`).
//! 3. C Nobody asks the time but `app::clock`; below it `now` is a parameter. `serve --now INSTANT` fixes it.
//! 4. Levels 0 to 2 do no I/O and have no `async`.
//! 5. Nothing that touches a workspace's data lacks a `Viewer` or a workspace id. Which team-restricted viewer sees a case is decided by
//!    the team that has the case now, in every look-up, page, figure and door; it is no filter and cannot be filtered away. Rows and
//!    figures of presence are of no case and forbidden to such a viewer; what an agent is just now stands in the directory, which all of the
//!    workspace see.
//! 6. Derived rows are written in the transaction that writes the events they follow from.
//! 7. The engine never writes to the store, holds nothing that cannot be redrawn from it, and decides nothing: `metric` has.
//! 8. No trait with one implementation.
//! 9. Everything is bounded: page size, batch bytes and lines, filter values, buckets, groups, a question's time and memory, query depth,
//!    tokens, aliases and cost, bodies and answers, requests at work, in the queue and a second of one viewer. Over the bound there is a coded
//!    error that names bound and value. What may be asked is bounded by `graphql::Bounds`, how large and long by `http::Limits`, how many may ask by
//!    `app::AdmissionBounds`; each has a line in `config::limits`.
//! 10. SeaORM models never leave `store`; GraphQL objects wrap `model` and `record` values.
//!
//! # Walk 1: a page of cases
//!
//! `http::graphql` (token or API key → `app::identity` → [`model::Viewer`]; is there a place, `app::admission`; fresh loaders) → `graphql::case` (input → [`model::Filter`], period, window;
//! no thought) → `app::lookups` (may the viewer read cases?) → `store::page` (one keyset statement over `case_record`, by the index that
//! `store::lead` picks) → back in `graphql`, fields such as the assignee's name or the SLA clocks ask their loader; all asked in one tick
//! become one statement.
//!
//! # Walk 2: a batch of lines
//!
//! `http::ingest` (size, encoding) → `app::source` (reads ahead on a thread of its own: `import::ndjson`, bytes → [`model::Line`] or a
//! reject, pure) → `app::ingest` (may the viewer ingest?) → `store::ingest` (one transaction a batch: revision + 1, look up what the lines
//! are about, lay them over it, find the touched cases) → [`record::derive`] for each (pure, on half of the threads) while the same transaction
//! (`store::transaction`, COPY on PostgreSQL) writes the events and the derived rows → the report. A crash before the commit leaves
//! nothing; after it, nothing is lost. Of a source of many batches the next one is looked up, laid and derived while one is being written
//! (`store::ingest::series`); the revision tells whether somebody else wrote between, and then it is looked up again. Lines that touch more
//! cases than one transaction should hold leave a mark on the workspace, and `app::rebuild` sweeps from it in the background, after a crash
//! too.
//!
//! # Walk 3: a dashboard
//!
//! `graphql::metrics` (period, zone, filter → [`metric::Scope`]) → each field looks ahead at what is selected below it (`graphql::metric`)
//! and asks its loader for all of it at once: the figure, its series, its groups, its earlier span ([`metric::Ask`]) → what one tick asks
//! comes together in `app::analytics` (may the viewer read figures?) → `app::answers` has what was asked before and still holds →
//! [`metric::fuse`] joins the rest into one [`metric::Scan`] a kind of rows →
//! [`engine`] runs all of these together over one snapshot, pieces of chunks on several threads → every ask gets its own answer back, its own
//! error included → `graphql` orders groups by value and name (names are kept until the workspace changes, `app::lookups`) and renders.
//! A document is parsed once, however often it comes (`graphql::document`), and judged once where only its instants are others
//! (`graphql::judged`); figures, points and groups of which all is at hand are shown without the library (`graphql::ready`); what follows
//! from the request and the viewer alone, such as the schema's own description, is rendered once (`http::fixed`).
//!
//! # Walk 4: a call of another system's API
//!
//! `rest::<vendor>` (the vendor's header form → `app::viewer` → the same `Viewer`; its parameters → the same [`metric::Scope`], words by
//! `rest::channel`, ids by `rest::external_id`, places in a list by `rest::page_key`) → `app::analytics`, `app::records` or `app::lookups`, as
//! the graph asks them → the vendor's shape, names and error form. What both doors make of an answer (the best agents, shares, values to
//! filter by, fields of rows) stands below them, in [`metric`] and [`record`]. `rest::openapi` is made of the handlers and their types.
//!
//! # Where to add things
//!
//! | to add | touch | the machine then says |
//! |---|---|---|
//! | a field of a line | `model`, `import`, a column and migration in `store` | decoder tables, store round trip |
//! | a derived figure | field and derivation in `record/<kind>`, a migration: a column of `case_record`, or the kind's view | derivation tests |
//! | a metric | one entry in [`metric::catalog`], one line in `graphql::metrics`, `tests/oracles/<id>.sql` | catalogue tests, missing oracle, stale `schema.graphql` |
//! | a column to measure or filter by | one entry in [`record::column`] | catalogue tests |
//! | a GraphQL field | a documented method in `graphql/<noun>.rs` | description and naming rules, stale `schema.graphql` |
//! | a vendor dialect | `rest/<vendor>.rs`, a line in `rest::openapi`, its conformance cases in `tests/it/rest` | stale `web/openapi.json`, the tester of the document |
//! | a source | `import/<source>.rs` implementing `import::Source` | snapshot of batch and rejects |
//! | a setting | one line in `config` | `--help`, README |
//! | a bound | a field of `graphql::Bounds`, `http::Limits` or `app::AdmissionBounds`, one line in `config::limits` | README; `tests/it/limits.rs` has each |
//! | a meter | a field of `http::meters`, what it counts in `app::Told` | `tests/it/operation.rs` |
//!
//! # Glossary
//!
//! **Case**: one matter of one requester (elsewhere: conversation, room, session, ticket). **Event**: something that happened to a case.
//! **Line**: one object of the ingest format; a patch over what is known. **Customer run**: a stretch of public customer messages without a
//! reply. **Clock**: one running of one SLA target. **Closure** and **resolution**: transitions into closed, and from working to terminal.
//! **Metric**: a figure of the catalogue. **Scope**: the question behind it. **Picture**: the derived rows in columns. **Snapshot**: the picture
//! at one revision. **Oracle**: the same figure in plain SQL.
//! **Spell**: a stretch in one status. **Record**: a derived row. **Workspace**: one organisation. **Viewer**: who asks, with what authority.
//! **Requester**: the customer whose case it is. **Contact point**: an address of the organisation. **Terminal**: resolved or closed.

pub mod model;

pub mod record;

pub mod metric;

pub mod auth;
pub mod engine;
pub mod import;
pub mod store;

pub mod app;

pub mod graphql;
pub mod rest;

pub mod http;

pub mod cli;
pub mod config;
pub mod server;
