//! What crosses crates, in one binary: the rules of the workspace itself, and desk and central over real HTTP.

mod architecture;
mod exchange;
mod killed;
mod licences;
mod parts;
mod profile;
mod source;
mod workspace;
