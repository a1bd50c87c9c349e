//! A postal code as people type it, made sure.

use std::fmt;

/// Five digits. Made with [`PostalCode::parse`], which forgives what people and spreadsheets do to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostalCode(u32);

/// What is wrong with a postal code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostalCodeError {
    /// Nothing but blanks.
    #[error("the postal code is empty")]
    Empty,
    /// A character that is not a digit.
    #[error("the postal code holds {found:?}, which is not a digit")]
    NotADigit {
        /// The first such character.
        found: char,
    },
    /// Not five digits (four are read as five that lost their leading zero).
    #[error("the postal code has {digits} digits instead of 5")]
    Length {
        /// How many digits there were.
        digits: usize,
    },
    /// No département of France begins so (00xxx, 96xxx, 99xxx).
    #[error("no French postal code begins with {prefix:02}")]
    Prefix {
        /// The first two digits.
        prefix: u32,
    },
}

impl PostalCode {
    /// Reads a postal code: blanks are ignored, four digits get back the leading zero that spreadsheets drop.
    pub fn parse(text: &str) -> Result<Self, PostalCodeError> {
        let mut value: u32 = 0;
        let mut digits = 0;
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            let digit = c.to_digit(10).ok_or(PostalCodeError::NotADigit { found: c })?;
            digits += 1;
            if digits <= 5 {
                value = value * 10 + digit;
            }
        }
        match digits {
            0 => return Err(PostalCodeError::Empty),
            4 | 5 => {}
            _ => return Err(PostalCodeError::Length { digits }),
        }
        match value / 1000 {
            prefix @ (0 | 96 | 99) => Err(PostalCodeError::Prefix { prefix }),
            _ => Ok(Self(value)),
        }
    }

    /// The code of the département that the postal code alone tells: `80`, `2A`, `974`.
    ///
    /// A few dozen communes are served by the post office of the next département: ask
    /// [`Geography::department_of`](super::Geography::department_of) where it matters.
    pub fn department_code(self) -> String {
        match self.0 {
            97133 => "977".into(),
            97150 => "978".into(),
            // Corsica kept one postal département: 200 and 201 are the south, 202 and 206 the north.
            20000..=20199 => "2A".into(),
            20200..=20999 => "2B".into(),
            code @ 97000.. => format!("{:03}", code / 100),
            code => format!("{:02}", code / 1000),
        }
    }

    pub(super) fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}", self.0)
    }
}

impl std::str::FromStr for PostalCode {
    type Err = PostalCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn department(text: &str) -> String {
        PostalCode::parse(text).expect(text).department_code()
    }

    #[test]
    fn what_people_type_is_read() {
        for (typed, code) in
            [("80090", "80090"), (" 80 090 ", "80090"), ("8200", "08200"), ("80\u{a0}000", "80000")]
        {
            assert_eq!(PostalCode::parse(typed).expect(typed).to_string(), code);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        use PostalCodeError::*;
        for (typed, error) in [
            ("", Empty),
            (" \t", Empty),
            ("8009O", NotADigit { found: 'O' }),
            ("80-090", NotADigit { found: '-' }),
            ("٨٠٠٩٠", NotADigit { found: '٨' }),
            ("800", Length { digits: 3 }),
            ("800900", Length { digits: 6 }),
            ("99999999999999999999", Length { digits: 20 }),
            ("00123", Prefix { prefix: 0 }),
            ("99100", Prefix { prefix: 99 }),
            ("0123", Prefix { prefix: 0 }),
        ] {
            assert_eq!(PostalCode::parse(typed), Err(error), "{typed:?}");
        }
    }

    #[test]
    fn the_departement_follows_the_code() {
        for (code, expected) in [
            ("80090", "80"),
            ("01000", "01"),
            ("1000", "01"),
            ("20000", "2A"),
            ("20167", "2A"),
            ("20200", "2B"),
            ("20620", "2B"),
            ("97400", "974"),
            ("97600", "976"),
            ("97133", "977"),
            ("97150", "978"),
            ("97110", "971"),
            ("98800", "988"),
        ] {
            assert_eq!(department(code), expected, "{code}");
        }
    }
}
