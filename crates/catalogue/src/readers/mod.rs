//! The files that the catalogue is made of, one reader a format.

pub mod questions;
