//! Imports from end to end: real files where they lie beside the project, made ones for every trap.

mod hostile;
mod real;
mod releases;
mod shapes;
mod traps;
