//! Periods of time and how they become absolute.
