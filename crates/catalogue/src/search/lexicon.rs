//! A sorted list of distinct words in one piece of memory.

use std::ops::Range;

/// Words in order, numbered from 0.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Lexicon {
    text: String,
    /// Where each word begins; one more for the end.
    starts: Vec<u32>,
}

impl Lexicon {
    /// Of words in order, each once.
    pub(crate) fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut lexicon = Self { text: String::new(), starts: vec![0] };
        for word in words {
            lexicon.text.push_str(word);
            lexicon.starts.push(lexicon.text.len() as u32);
        }
        lexicon
    }

    /// Of its saved parts; none if they do not fit each other.
    pub(crate) fn from_parts(text: String, starts: Vec<u32>) -> Option<Self> {
        let fits = starts.first() == Some(&0)
            && starts.is_sorted()
            && starts.last().is_some_and(|end| *end as usize == text.len())
            && starts.iter().all(|start| text.is_char_boundary(*start as usize));
        let lexicon = Self { text, starts };
        (fits && (1..lexicon.len()).all(|n| lexicon.get(n - 1) < lexicon.get(n))).then_some(lexicon)
    }

    pub(crate) fn parts(&self) -> (&str, &[u32]) {
        (&self.text, &self.starts)
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub(crate) fn get(&self, number: usize) -> &str {
        &self.text[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// How many words stand before the first that `later` holds for.
    fn partition(&self, later: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if later(self.get(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }

    pub(crate) fn find(&self, word: &str) -> Option<u32> {
        let at = self.partition(|other| other >= word);
        (at < self.len() && self.get(at) == word).then_some(at as u32)
    }

    /// The words that begin so.
    pub(crate) fn beginning_with(&self, prefix: &str) -> Range<u32> {
        let from = self.partition(|other| other >= prefix);
        let to = self.partition(|other| other > prefix && !other.starts_with(prefix));
        from as u32..to as u32
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_and_beginnings_are_found(words in prop::collection::btree_set("[a-cé]{1,4}", 0..40), prefix in "[a-cé]{0,3}") {
            let words: Vec<String> = words.into_iter().collect();
            let lexicon = Lexicon::of(words.iter().map(String::as_str));
            for (number, word) in words.iter().enumerate() {
                prop_assert_eq!(lexicon.find(word), Some(number as u32));
            }
            let expected: Vec<&str> =
                words.iter().map(String::as_str).filter(|word| word.starts_with(&prefix)).collect();
            let found: Vec<&str> =
                lexicon.beginning_with(&prefix).map(|number| lexicon.get(number as usize)).collect();
            prop_assert_eq!(found, expected);
            let (text, starts) = lexicon.parts();
            prop_assert_eq!(Lexicon::from_parts(text.to_owned(), starts.to_vec()), Some(lexicon.clone()));
        }
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        for (text, starts) in [
            ("ab", vec![]),
            ("ab", vec![0, 1]),
            ("ab", vec![0, 2, 1]),
            ("é", vec![0, 1, 2]),
            ("ba", vec![0, 1, 2]),
            ("aa", vec![0, 1, 2]),
        ] {
            assert_eq!(Lexicon::from_parts(text.to_owned(), starts.clone()), None, "{text} {starts:?}");
        }
    }
}
