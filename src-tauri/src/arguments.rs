//! What the window can be started with.

use std::path::PathBuf;

use clap::Parser;

/// Passerelle, the desk of a centre d'information et d'orientation.
#[derive(Debug, Clone, Parser)]
#[command(name = "passerelle-desktop", version, about = "Passerelle, le poste du CIO")]
pub struct Arguments {
    /// The desk's data folder; without it, the platform's own place.
    #[arg(long, value_name = "DIR", env = "PASSERELLE_PROFILE")]
    pub profile: Option<PathBuf>,

    /// Start with the window minimised, as at the opening of the computer's session.
    #[arg(long)]
    pub minimised: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_arguments_are_read() {
        let arguments =
            Arguments::try_parse_from(["passerelle-desktop", "--profile", "/tmp/a", "--minimised"])
                .expect("these are the arguments of the contract");
        assert_eq!(arguments.profile, Some(PathBuf::from("/tmp/a")));
        assert!(arguments.minimised);
    }

    #[test]
    fn an_unknown_argument_is_refused() {
        assert!(Arguments::try_parse_from(["passerelle-desktop", "--inspect"]).is_err());
    }
}
