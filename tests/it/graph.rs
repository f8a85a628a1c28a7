//! The graph, asked in process: every root field and object, ids, pages, filters, errors, who sees what, and what answering takes.

mod cases;
mod errors;
mod lists;
mod loaders;
mod nodes;
mod viewers;
mod world;
