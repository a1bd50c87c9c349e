//! Memory of sets, kept for the next question. A message needs sixty sets of 39 kB; taken from the system and returned
//! each time, they would be cleared page by page, a sixth of what answering it costs.

use std::cell::RefCell;

/// How many are kept for a thread: what a message needs, three megabytes.
const KEPT: usize = 80;
/// Smaller ones cost nothing to take anew.
const SMALL: usize = 512;

thread_local! {
    static SPARE: RefCell<Vec<Vec<u64>>> = const { RefCell::new(Vec::new()) };
}

/// Memory without content, of a set before if there is one.
pub(super) fn take() -> Vec<u64> {
    SPARE.try_with(|spare| spare.borrow_mut().pop()).ok().flatten().unwrap_or_default()
}

/// Keeps the memory of a set that is no longer needed. At the end of a thread it goes.
pub(super) fn keep(mut memory: Vec<u64>) {
    if memory.capacity() < SMALL {
        return;
    }
    memory.clear();
    // A thread that ends has nothing to keep it for.
    let _ended = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        if spare.len() < KEPT {
            spare.push(memory);
        }
    });
}
