//! The executor against a plain reading of what a scan means: random worlds, random questions, and laws that hold of every answer.

mod laws;
mod naive;
mod question;
mod world;
