//! The command line of a desk.

mod cli;

use std::process::ExitCode;

/// What an exchange costs is for a good part the small pieces of memory that its commands and rows are read into
/// (decision 27).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    cli::main().await
}
