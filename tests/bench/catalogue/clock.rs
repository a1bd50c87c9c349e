//! Time of the processor, which a busy machine does not change.

use rustix::time::{ClockId, clock_gettime};

/// How often a question is asked; the middle one counts, for others use the same caches.
pub const TIMES: usize = 5;

/// The middle of what was measured.
pub fn middle(mut taken: Vec<f64>) -> f64 {
    taken.sort_by(f64::total_cmp);
    taken.get(taken.len() / 2).copied().unwrap_or(f64::NAN)
}

fn seconds(clock: ClockId) -> f64 {
    let now = clock_gettime(clock);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// Microseconds of this thread, and what was made of them.
pub fn micros<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let begun = seconds(ClockId::ThreadCPUTime);
    let made = run();
    ((seconds(ClockId::ThreadCPUTime) - begun) * 1e6, made)
}

/// Seconds of all threads so far.
pub fn of_all_threads() -> f64 {
    seconds(ClockId::ProcessCPUTime)
}

/// Milliseconds of all threads, and what was made of them.
pub fn millis<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let begun = seconds(ClockId::ProcessCPUTime);
    let made = run();
    ((seconds(ClockId::ProcessCPUTime) - begun) * 1e3, made)
}

/// Megabytes of memory that the process holds now.
pub fn megabytes() -> f64 {
    of_the_status("VmRSS:")
}

/// The most that it ever held.
pub fn most_megabytes() -> f64 {
    of_the_status("VmHWM:")
}

fn of_the_status(what: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()).unwrap_or(f64::NAN)
        / 1024.0
}
