//! Passerelle: office.
