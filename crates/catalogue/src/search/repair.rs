//! What an unknown word was meant to be.

use super::{
    segment::{Segment, letters, trigrams},
    synonyms::Synonyms,
};

/// How many words a mistyped one may stand for.
const MEANT: usize = 4;
/// Words of three letters and less are too near to everything.
const SHORTEST: usize = 4;

/// A word that may have been meant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Meant {
    pub word: String,
    /// Letters wrong, missing, too many, or exchanged with the next.
    pub distance: usize,
    /// Letters that one of the two has and the other has not at all. Fingers exchange, double and forget letters more
    /// often than they bring others: "grargiste" has all of garagiste, and neither p nor h of graphiste.
    pub foreign: usize,
    frequency: usize,
}

/// How many wrong letters a word of this length may have.
fn tolerance(letters: usize) -> usize {
    match letters {
        0..SHORTEST => 0,
        SHORTEST..7 => 1,
        _ => 2,
    }
}

/// Letters wrong, missing, too many or exchanged between two words; or, with `beginning`, between the first and the
/// best beginning of the second. None if more than `most`. Rows are kept on the stack: this runs thousands of times
/// for one question.
fn distance(a: &[u8], b: &[u8], most: usize, beginning: bool) -> Option<usize> {
    const LONGEST: usize = 40;
    if a.len() >= LONGEST || b.is_empty() {
        return None;
    }
    let b = if beginning { &b[..b.len().min(a.len() + most)] } else { b };
    let far = most + 1;
    if a.len() > b.len() + most || (!beginning && b.len() > a.len() + most) {
        return None;
    }
    // One row for each letter of b; columns are letters of a.
    let mut rows = [[0usize; LONGEST]; 3];
    for (at, cell) in rows[0][..=a.len()].iter_mut().enumerate() {
        *cell = at;
    }
    let mut best = if beginning { rows[0][a.len()] } else { far };
    for (j, letter) in b.iter().enumerate() {
        let [older, last, row] = {
            let now = (j + 1) % 3;
            let (was, before) = (j % 3, (j + 2) % 3);
            [rows[before], rows[was], rows[now]]
        };
        let mut row = row;
        row[0] = j + 1;
        let mut least = row[0];
        for i in 1..=a.len() {
            let change = last[i - 1] + usize::from(a[i - 1] != *letter);
            let mut cell = change.min(last[i] + 1).min(row[i - 1] + 1);
            if i > 1 && j > 0 && a[i - 1] == b[j - 1] && a[i - 2] == *letter {
                cell = cell.min(older[i - 2] + 1);
            }
            row[i] = cell;
            least = least.min(cell);
        }
        rows[(j + 1) % 3] = row;
        if beginning {
            best = best.min(row[a.len()]);
        }
        if least > most {
            break;
        }
        if !beginning && j + 1 == b.len() {
            best = row[a.len()];
        }
    }
    (best <= most).then_some(best)
}

/// The words of the index and of the synonyms that the unknown word is nearest to, the most frequent first. With
/// `beginning`, words that begin nearly so count as well, when no whole word does.
pub(crate) fn meant(word: &str, segments: &[&Segment], synonyms: &Synonyms, beginning: bool) -> Vec<Meant> {
    let most = tolerance(word.len());
    if most == 0 || !word.is_ascii() || word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let found = near(word, segments, synonyms, most, false);
    if found.is_empty() && beginning { near(word, segments, synonyms, 1, true) } else { found }
}

fn near(word: &str, segments: &[&Segment], synonyms: &Synonyms, most: usize, beginning: bool) -> Vec<Meant> {
    let wanted = letters(word);
    let bytes = word.as_bytes();
    let mut found: Vec<Meant> = Vec::new();
    let limit = most;
    let mut most = most;
    let mut consider = |other: &str, frequency: &dyn Fn() -> usize| {
        // A beginning is little to go by: its first letter at least must be right.
        if beginning && other.as_bytes().first() != bytes.first() {
            return;
        }
        if let Some(distance) = distance(bytes, other.as_bytes(), most, beginning) {
            if distance < most {
                most = distance;
                found.retain(|meant| meant.distance <= distance);
            }
            match found.iter_mut().find(|meant| meant.word == other) {
                Some(known) => known.frequency += frequency(),
                None => {
                    let theirs = letters(other);
                    // Of a beginning, the letters that are still to be typed are not foreign.
                    let foreign =
                        if beginning { wanted & !theirs } else { wanted ^ theirs }.count_ones() as usize;
                    let word = other.to_owned();
                    found.push(Meant { word, distance, foreign, frequency: frequency() });
                }
            }
        }
    };
    // A wrong letter takes one letter away and brings another: the rest of the letters must be there.
    let may_be = |other: u32, length: usize, limit: usize| {
        (beginning || length.abs_diff(bytes.len()) <= limit)
            && (wanted & !other).count_ones() as usize <= limit
            && (beginning || (other & !wanted).count_ones() as usize <= limit)
    };
    for (other, theirs) in synonyms.spelled() {
        if may_be(theirs, other.len(), limit) {
            // As good as a word that stands in a thousand documents.
            consider(other, &|| 1_000);
        }
    }
    for segment in segments {
        let (_, starts) = segment.words.parts();
        for (number, other) in segment.letters.iter().enumerate() {
            let length = (starts[number + 1] - starts[number]) as usize;
            if may_be(*other, length, limit) {
                let number = number as u32;
                consider(segment.words.get(number as usize), &|| segment.frequency(number..number + 1));
            }
        }
    }
    // People seldom mistype the first letter.
    let first = bytes.first();
    found.sort_by(|a, b| {
        let key = |meant: &Meant| (meant.distance, meant.word.as_bytes().first() != first, meant.foreign);
        key(a).cmp(&key(b)).then(b.frequency.cmp(&a.frequency)).then(a.word.cmp(&b.word))
    });
    found.truncate(MEANT);
    found
}

/// The words that share most threes of letters with one that stays unknown; none below half of them.
pub(crate) fn alike(word: &str, segments: &[&Segment]) -> Vec<String> {
    let threes: Vec<[u8; 3]> = trigrams(word).collect();
    if threes.len() < SHORTEST {
        return Vec::new();
    }
    let mut best: Vec<(usize, String)> = Vec::new();
    for segment in segments {
        let mut shared = vec![0u8; segment.words.len()];
        for word in threes.iter().filter_map(|three| segment.trigrams.get(three)).flatten() {
            shared[*word as usize] = shared[*word as usize].saturating_add(1);
        }
        for (number, count) in
            shared.iter().enumerate().filter(|(_, count)| usize::from(**count) * 2 > threes.len())
        {
            let other = segment.words.get(number);
            let likeness = 2_000 * usize::from(*count) / (threes.len() + other.len());
            if likeness >= 1_000 && !best.iter().any(|(_, known)| known == other) {
                best.push((likeness, other.to_owned()));
            }
        }
    }
    best.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    best.truncate(MEANT);
    best.into_iter().map(|(_, word)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(a: &str, b: &str, most: usize) -> Option<usize> {
        distance(a.as_bytes(), b.as_bytes(), most, false)
    }

    #[test]
    fn letters_wrong_missing_added_and_exchanged_are_counted() {
        for (a, b, expected) in [
            ("garagiste", "garagiste", Some(0)),
            ("grargiste", "garagiste", Some(2)),
            ("infirmeir", "infirmier", Some(1)),
            ("infimier", "infirmier", Some(1)),
            ("infirrmier", "infirmier", Some(1)),
            ("boulanger", "infirmier", None),
            ("abcd", "abcdef", Some(2)),
            ("abc", "abcdef", None),
        ] {
            assert_eq!(whole(a, b, 2), expected, "{a} {b}");
            assert_eq!(whole(b, a, 2), expected, "{b} {a}");
        }
        assert_eq!(distance(b"mecanicein", b"mecanicienne", 1, true), Some(1));
        assert_eq!(distance(b"mecanik", b"mecanicien", 1, true), Some(1));
        assert_eq!(distance(b"boulan", b"mecanicien", 1, true), None);
    }
}
