//! Clocks of timelines whose answers are worked out by hand.
