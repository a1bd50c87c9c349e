//! What keeps synchronisation from losing or doubling anything, piece by piece, so that a test can switch one off and see
//! that it was needed.

/// Which protections hold. All of them, everywhere but in the simulator's own tests.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protections {
    /// Acknowledged commands are put over central's word before those that still wait.
    pub overlay_order: bool,
    /// What is not acknowledged goes by the order that the office's desks keep between them.
    pub office_order: bool,
    /// A database that finds itself to be a copy takes a new incarnation, and answers to another one, or of another
    /// epoch, are ignored.
    pub incarnation: bool,
    /// After a change of epoch central is asked what it still knows.
    pub epoch_question: bool,
    /// The timer of an exchange outlives the process.
    pub durable_timer: bool,
    /// Commands that an answer does not concern keep what they have written. Without it all are decided again at each
    /// answer, which comes to the same and takes longer: what the short way is compared with.
    pub keep_untouched: bool,
}

impl Default for Protections {
    fn default() -> Self {
        Self {
            overlay_order: true,
            office_order: true,
            incarnation: true,
            epoch_question: true,
            durable_timer: true,
            keep_untouched: true,
        }
    }
}
