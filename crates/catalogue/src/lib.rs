//! Passerelle: the catalogue, the index that finds things in it, and the geography that says what is near.

pub mod file;
pub mod geography;
pub mod import;
pub mod indexed;
pub mod model;
pub mod readers;
pub mod release;
pub mod search;
