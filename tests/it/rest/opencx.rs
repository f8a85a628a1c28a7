//! open.cx.
