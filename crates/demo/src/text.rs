//! From text typed on an ordinary keyboard to French as it is printed, and from a pattern to one person's words.

/// No-break space, before a colon and inside guillemets.
const NBSP: char = '\u{a0}';
/// Narrow no-break space, before `?`, `!` and `;`.
const NARROW: char = '\u{202f}';

/// The typographic apostrophe alone: how people write who do not think of it.
pub(crate) fn apostrophes(text: &str) -> String {
    text.replace('\'', "’").replace("...", "…")
}

/// Apostrophes and the spaces of French typography.
pub(crate) fn french(text: &str) -> String {
    let text = apostrophes(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            (' ', Some('?' | '!' | ';')) => out.push(NARROW),
            (' ', Some(':' | '»' | '€' | '%')) => out.push(NBSP),
            ('«', Some(' ')) => {
                out.push('«');
                out.push(NBSP);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

/// Who the words of a pattern are about, and who says them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    /// Given name of the young person.
    pub given_name: String,
    /// Whether the young person is a girl or woman.
    pub feminine: bool,
    /// Full name of who writes.
    pub writer: String,
    /// Whether who writes is a woman.
    pub writer_feminine: bool,
    /// Town of the home.
    pub town: String,
    /// A lycée nearby.
    pub high_school: String,
    /// A collège nearby.
    pub middle_school: String,
}

impl Words {
    /// Fills a pattern: `{prenom}`, `{nom}`, `{ville}`, `{lycee}`, `{college}`; `{fils/fille}` agrees with the young
    /// person, `{r:Conseiller/Conseillère}` with who writes. `de` and `que` elide before a name in a vowel.
    pub(crate) fn fill(&self, pattern: &str) -> String {
        let mut out = String::with_capacity(pattern.len() + 32);
        let mut rest = pattern;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|at| open + at) else { break };
            out.push_str(&rest[..open]);
            let name = &rest[open + 1..close];
            match name {
                "prenom" => push_name(&mut out, &self.given_name),
                "nom" => push_name(&mut out, &self.writer),
                "ville" => push_name(&mut out, &self.town),
                "lycee" => out.push_str(&in_sentence(&self.high_school)),
                "college" => out.push_str(&in_sentence(&self.middle_school)),
                _ => {
                    let (choice, feminine) = match name.strip_prefix("r:") {
                        Some(choice) => (choice, self.writer_feminine),
                        None => (name, self.feminine),
                    };
                    let (masculine, other) = choice.split_once('/').unwrap_or((choice, choice));
                    out.push_str(if feminine { other } else { masculine });
                }
            }
            rest = &rest[close + 1..];
        }
        out.push_str(rest);
        out
    }
}

/// "Collège Millevoye" is "collège Millevoye" inside a sentence.
fn in_sentence(school: &str) -> String {
    school.replacen("Collège", "collège", 1).replacen("Lycée", "lycée", 1)
}

fn push_name(out: &mut String, name: &str) {
    if starts_with_vowel(name) {
        for (full, elided) in [(" de ", " d'"), ("De ", "D'"), (" que ", " qu'")] {
            if out.ends_with(full) {
                out.truncate(out.len() - full.len());
                out.push_str(elided);
                break;
            }
        }
    }
    out.push_str(name);
}

/// Whether `de` elides before it. `Y` and `H` of given names do not count: de Yanis, de Hugo.
pub(crate) fn starts_with_vowel(name: &str) -> bool {
    name.chars().next().is_some_and(|c| "AEIOUÀÂÉÈÊËÎÏÔÖÙÛÜ".contains(c))
}

/// Lower case ASCII letters and digits: the part of a mail address or login that a name gives.
pub(crate) fn ascii(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| {
            Some(match c {
                'à' | 'á' | 'â' | 'ã' | 'ä' | 'ą' => 'a',
                'ç' => 'c',
                'è' | 'é' | 'ê' | 'ë' => 'e',
                'ì' | 'í' | 'î' | 'ï' | 'ı' => 'i',
                'ñ' => 'n',
                'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
                'ş' => 's',
                'ù' | 'ú' | 'û' | 'ü' => 'u',
                'ý' | 'ÿ' => 'y',
                ' ' | '-' | '’' | '\'' => '-',
                c if c.is_ascii_alphanumeric() => c,
                _ => return None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_spaces_and_apostrophes() {
        assert_eq!(
            french("C'est quoi ? « Oui » ! 8 400 € : là"),
            "C’est quoi\u{202f}? «\u{a0}Oui\u{a0}»\u{202f}! 8 400\u{a0}€\u{a0}: là"
        );
    }

    #[test]
    fn patterns_agree_and_elide() {
        let words = Words {
            given_name: "Inès".into(),
            feminine: true,
            writer: "Ahmed Sow".into(),
            town: "Amiens".into(),
            middle_school: "Collège Millevoye".into(),
            ..Words::default()
        };
        assert_eq!(words.fill("{Mon fils/Ma fille} {prenom}"), "Ma fille Inès");
        assert_eq!(words.fill("La mère de {prenom}, de {ville}"), "La mère d'Inès, d'Amiens");
        assert_eq!(words.fill("inscrit{/e}, {r:Conseiller/Conseillère}"), "inscrite, Conseiller");
        assert_eq!(words.fill("au {college}"), "au collège Millevoye");
        assert_eq!(words.fill("une accolade { seule"), "une accolade { seule");
    }

    #[test]
    fn names_become_addresses() {
        assert_eq!(ascii("Aït-Ahmed"), "ait-ahmed");
        assert_eq!(ascii("De La Rochefoucauld"), "de-la-rochefoucauld");
        assert_eq!(ascii("Öztürk"), "ozturk");
    }
}
