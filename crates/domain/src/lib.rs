//! The rules of the trade, pure: no I/O, no clock, no async. Desk and central decide with the same functions.

pub mod slots;
