//! Imports from end to end: real files where they lie beside the project, made ones for every trap.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod hostile;
mod real;
mod releases;
mod shapes;
mod traps;
