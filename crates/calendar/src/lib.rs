//! Passerelle: calendar.
