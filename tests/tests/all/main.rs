//! What crosses crates, in one binary: the rules of the workspace itself, and desk and central over real HTTP.

mod architecture;
mod licences;
mod source;
mod workspace;
