//! What a command has to say: a JSON value for programs, a text for people.

use std::io::Write;

use serde::Serialize;
use serde_json::Value;

use super::failure::{Failure, INPUT};

/// The result of a command.
#[derive(Debug, Default)]
pub struct Said {
    json: Value,
    text: String,
    silent: bool,
    bad_input: bool,
}

impl Said {
    /// Both forms.
    pub fn new(json: impl Serialize, text: impl Into<String>) -> Result<Self, Failure> {
        let json = serde_json::to_value(json).map_err(|e| Failure::internal(&e))?;
        Ok(Self { json, text: text.into(), silent: false, bad_input: false })
    }

    /// The same, where a part of what was given could not be used, and is said among the answers.
    #[must_use]
    pub fn with_bad_input(self) -> Self {
        Self { bad_input: true, ..self }
    }

    /// Exit code of the process.
    pub fn exit(&self) -> u8 {
        if self.bad_input { INPUT } else { 0 }
    }

    /// Everything has been said while it was done.
    pub fn silent() -> Self {
        Self { silent: true, ..Self::default() }
    }

    /// Writes one of them. A reader that has gone away is not our trouble.
    pub fn print(&self, json: bool) {
        let mut out = std::io::stdout().lock();
        let _ = if self.silent {
            Ok(())
        } else if json {
            serde_json::to_string_pretty(&self.json).map_or(Ok(()), |text| writeln!(out, "{text}"))
        } else if self.text.is_empty() {
            Ok(())
        } else {
            writeln!(out, "{}", self.text.trim_end())
        };
    }
}

/// Lines of columns, each as wide as its widest text.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|h| h.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[&str]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.chars().count().min(*width))))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(head)];
    lines.extend(rows.iter().map(|row| line(&row.iter().map(String::as_str).collect::<Vec<_>>())));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_text_in_letters() {
        let text = table(
            &["Nom", "Heure"],
            &[vec!["Bénaïssa".into(), "9:00".into()], vec!["X".into(), "10:00".into()]],
        );
        assert_eq!(text, "Nom       Heure\nBénaïssa  9:00\nX         10:00");
    }
}
