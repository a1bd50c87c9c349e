//! Passerelle: central.
