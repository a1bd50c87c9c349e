//! Passerelle: the catalogue, and the geography that says what is near.

pub mod geography;
