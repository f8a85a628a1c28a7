//! Schedules: which instants a set of business hours leaves open.
