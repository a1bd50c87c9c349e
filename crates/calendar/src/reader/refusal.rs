//! Why a file or an event was not read. The texts are French because they are shown as they are.

/// Why a whole file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// More than [`super::MAX_OCTETS`].
    #[error("Le fichier est trop gros ({} Mo) ; la limite est de 20 Mo.", octets / 1_048_576)]
    TooLarge {
        /// Size of the file.
        octets: usize,
    },
    /// More content lines than any calendar has.
    #[error("Le fichier a trop de lignes ; la limite est d'un million.")]
    TooManyLines,
    /// Nothing but blanks.
    #[error("Le fichier est vide.")]
    Empty,
    /// An HTML page, most often a sign-in page saved in place of the calendar.
    #[error("Le fichier est une page web, pas un agenda : l'adresse demandait sans doute de se connecter.")]
    WebPage,
    /// vCalendar 1.0, the format before iCalendar.
    #[error(
        "Le fichier est dans l'ancien format vCalendar 1.0 ; exportez l'agenda au format iCalendar (.ics)."
    )]
    VCalendar1,
    /// No VCALENDAR in it.
    #[error("Le fichier n'est pas un agenda au format iCalendar (.ics).")]
    NotACalendar,
}

impl ReadError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "calendar_too_large",
            Self::TooManyLines => "calendar_too_many_lines",
            Self::Empty => "calendar_empty",
            Self::WebPage => "calendar_is_web_page",
            Self::VCalendar1 => "calendar_version_1",
            Self::NotACalendar => "calendar_not_recognised",
        }
    }
}

/// Why one event of a file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// No DTSTART.
    #[error("pas de date de début")]
    NoStart,
    /// A date, time or duration that cannot be read.
    #[error("date ou durée illisible")]
    BadTime,
    /// The end is before the start.
    #[error("la fin précède le début")]
    EndsBeforeStart,
    /// A timed event without an end, or that ends when it begins: it takes no time.
    #[error("pas de durée")]
    NoDuration,
    /// Local times without a zone: nothing says which instants are meant.
    #[error("heure sans fuseau horaire")]
    Floating,
    /// A zone that is not known.
    #[error("fuseau horaire inconnu : {0}")]
    UnknownZone(String),
    /// A series, or an exception of one.
    #[error("événement répétitif")]
    Recurring,
}

impl Reason {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoStart => "no_start",
            Self::BadTime => "bad_time",
            Self::EndsBeforeStart => "ends_before_start",
            Self::NoDuration => "no_duration",
            Self::Floating => "floating",
            Self::UnknownZone(_) => "unknown_zone",
            Self::Recurring => "recurring",
        }
    }
}

/// An event that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedEvent {
    /// Line of the file where it begins, from 1.
    pub line: usize,
    /// Its identity, when it has one.
    pub uid: Option<String>,
    /// Its title, when it has one.
    pub summary: Option<String>,
    /// Why.
    pub reason: Reason,
}
