//! Slot search.
