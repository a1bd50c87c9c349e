//! Questions and answers: a format of our own, so that an office, an académie or a ministry can write its answers with a
//! text editor.
//!
//! A file is UTF-8 text, usually named `*.md`, made of blocks of `key: value` lines between two lines `---`, each
//! followed by an answer in Markdown. The first block says that it is such a file and tells of the whole collection; each
//! further block is a question.
//!
//! ```markdown
//! ---
//! passerelle-faq: 1
//! collection: academie-amiens
//! publisher: Académie d’Amiens
//! licence: Licence Ouverte 2.0
//! published: 2026-09-01
//! ---
//! ---
//! id: bourse-de-lycee
//! question: Comment demander une bourse de lycée ?
//! also: qui a droit à la bourse ? | aide pour payer le lycée
//! keywords: bourse | aide financière
//! domains: santé, social, sport/travail social
//! level: bac
//! links: FOR.2568 | MET.569
//! url: https://www.service-public.fr/…
//! updated: 2026-08-20
//! ---
//! La demande se fait **en ligne**, de mai à octobre.
//!
//! - Il faut l’avis d’impôt.
//! - Le lycée donne le calendrier.
//! ```
//!
//! | key of the first block | |
//! |---|---|
//! | `passerelle-faq` | required: version of the format, `1` |
//! | `collection` | required: name of the collection (letters, digits, `-`). A release of a collection replaces the questions of the same one and no others |
//! | `publisher`, `licence` | required: shown beside each answer |
//! | `published` | day of the release, `YYYY-MM-DD` |
//!
//! | key of a question | |
//! |---|---|
//! | `id` | required, unique in the collection (letters, digits, `-`, `.`); the record is `FAQ.` and this |
//! | `question` | required, as a family would ask it |
//! | `also` | other ways of asking it, separated by `\|` |
//! | `keywords` | words around it, separated by `\|` |
//! | `domains` | `domaine/sous-domaine` of Onisep, separated by `\|` |
//! | `level` | of whoever asks: `3e`, `2de`, `1re`, `bac`, `bac+1` … (a code or label of [`Level`]) |
//! | `links` | records that the answer is about (`FOR.n`, `MET.n`, `ENS.n`), separated by `\|` |
//! | `url` | official page |
//! | `updated` | day of the last change, `YYYY-MM-DD` |
//!
//! Keys that are not known are passed over. The answer goes on to the next line that is `---` alone, so a rule within it
//! is written `***`. It may hold headings, paragraphs, lists, emphasis and links; HTML in it is not shown. A question
//! without `id`, `question` or answer, or with an `id` that came before, is rejected, and the others are kept.
