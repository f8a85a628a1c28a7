//! The ordered list of schema migrations.
