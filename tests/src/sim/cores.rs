//! On which processor a run is made.

/// Keeps this thread, and those that it begins from now on, on one processor; each call takes the next. A database has a
/// thread of its own, and a run asks it and waits, some ten thousand times: on one processor that is a switch, across two
/// it is a wake-up that costs more than the question. Where it cannot be had, runs are slower and no other.
#[cfg(target_os = "linux")]
pub(super) fn stay_on_one() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let Ok(allowed) = sched_getaffinity(None) else { return };
    let processors: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|n| allowed.is_set(*n)).collect();
    // Two programs at a time begin at different ones, mostly.
    let turn = std::process::id() as usize + NEXT.fetch_add(1, Ordering::Relaxed);
    if let Some(processor) = processors.get(turn % processors.len().max(1)) {
        let mut one = CpuSet::new();
        one.set(*processor);
        // Not allowed to: then it is slower.
        let _ = sched_setaffinity(None, &one);
    }
}

/// Other systems place threads by themselves.
#[cfg(not(target_os = "linux"))]
pub(super) fn stay_on_one() {}
