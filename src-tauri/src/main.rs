//! Placeholder replaced by the shell.
fn main() {}
