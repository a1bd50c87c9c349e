//! The same with Tantivy: folded words in two fields, the last word as a beginning, fuzzy terms for mistakes.

use std::path::Path;

use passerelle_catalogue::search::{Document, Facet};
use tantivy::{
    DocAddress, DocId, Index, IndexReader, Score, SegmentReader, TantivyDocument, Term,
    collector::TopDocs,
    doc,
    query::{BooleanQuery, FuzzyTermQuery, Occur, Query, TermQuery},
    schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value},
    snippet::SnippetGenerator,
    tokenizer::{AsciiFoldingFilter, LowerCaser, SimpleTokenizer, TextAnalyzer},
};

use crate::{flat, questions::Question};

pub struct Tantivy {
    index: Index,
    reader: IndexReader,
    code: Field,
    title: Field,
    keywords: Field,
    text: Field,
    facets: Vec<Field>,
}

impl Tantivy {
    pub fn create(folder: &Path, documents: &[Document]) -> Self {
        let mut schema = Schema::builder();
        let words = TextFieldIndexing::default()
            .set_tokenizer("folded")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let searched = TextOptions::default().set_indexing_options(words);
        let code = schema.add_text_field("code", STRING | STORED);
        let title = schema.add_text_field("title", searched.clone());
        let keywords = schema.add_text_field("keywords", searched);
        let text = schema.add_text_field("text", STORED);
        let facets =
            Facet::ALL.iter().map(|facet| schema.add_text_field(&format!("{facet:?}"), STRING)).collect();
        let lat = schema.add_f64_field("lat", FAST);
        let lon = schema.add_f64_field("lon", FAST);
        let index = Index::create_in_dir(folder, schema.build()).expect("an index");
        let folded =
            TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter);
        index.tokenizers().register("folded", folded.build());
        let facets: Vec<Field> = facets;
        let mut writer = index.writer_with_num_threads(1, 256 << 20).expect("a writer");
        for document in documents {
            let mut entry = doc!(code => document.id.as_str(), title => document.title.as_str(),
                keywords => document.keywords.join(", "), text => flat::text(document));
            let values = [
                Some(document.kind.code()),
                document.level.as_deref(),
                document.domains.first().map(String::as_str),
                document.category.as_deref(),
                document.status.as_deref(),
                document.department.as_deref(),
                document.academy.as_deref(),
            ];
            for (field, value) in facets.iter().zip(values) {
                if let Some(value) = value {
                    entry.add_text(*field, value);
                }
            }
            if let Some(position) = document.position {
                entry.add_f64(lat, position.lat);
                entry.add_f64(lon, position.lon);
            }
            writer.add_document(entry).expect("an entry");
        }
        writer.commit().expect("a commit");
        writer.wait_merging_threads().expect("merged");
        let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, 64 << 20).expect("a writer");
        let segments = index.searchable_segment_ids().expect("segments");
        if segments.len() > 1 {
            // One segment: what Tantivy is fastest with.
            writer.merge(&segments).wait().expect("one segment");
        }
        drop(writer);
        let reader = index.reader().expect("a reader");
        Self { index, reader, code, title, keywords, text, facets }
    }

    fn tokens(&self, text: &str) -> Vec<String> {
        let mut analyzer = self.index.tokenizers().get("folded").expect("registered above");
        let mut stream = analyzer.token_stream(text);
        let mut tokens = Vec::new();
        stream.process(&mut |token| tokens.push(token.text.clone()));
        tokens
    }

    /// The first twenty with their snippets.
    pub fn search(&self, question: &Question) -> Vec<(String, Vec<std::ops::Range<usize>>)> {
        let tokens = self.tokens(&question.text);
        let fuzzy = question.meant.is_some();
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let one = |field: Field| -> Box<dyn Query> {
                let term = Term::from_field_text(field, token);
                if fuzzy {
                    let distance = if token.len() < 4 {
                        0
                    } else if token.len() < 7 {
                        1
                    } else {
                        2
                    };
                    Box::new(FuzzyTermQuery::new(term, distance, true))
                } else if at + 1 == tokens.len() {
                    Box::new(FuzzyTermQuery::new_prefix(term, 0, false))
                } else {
                    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
                }
            };
            let either = vec![(Occur::Should, one(self.title)), (Occur::Should, one(self.keywords))];
            clauses.push((Occur::Must, Box::new(BooleanQuery::new(either))));
        }
        for (facet, value) in &question.filters {
            let term = Term::from_field_text(self.facets[*facet as usize], value);
            clauses.push((Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic))));
        }
        let query = BooleanQuery::new(clauses);
        let searcher = self.reader.searcher();
        let top = TopDocs::with_limit(20);
        let hits: Vec<DocAddress> = match question.near {
            None => {
                let found = searcher.search(&query, &top.order_by_score()).expect("an answer");
                found.into_iter().map(|(_, address)| address).collect()
            }
            Some(home) => {
                let narrow = home.lat.to_radians().cos().powi(2);
                let nearest = top.tweak_score(move |segment: &SegmentReader| {
                    let column = |name| {
                        segment.fast_fields().f64(name).expect("a fast field").first_or_default_col(90.0)
                    };
                    let (lats, lons) = (column("lat"), column("lon"));
                    move |document: DocId, _: Score| {
                        let (lat, lon) =
                            (lats.get_val(document) - home.lat, lons.get_val(document) - home.lon);
                        -(lat * lat + lon * lon * narrow)
                    }
                });
                let found = searcher.search(&query, &nearest).expect("an answer");
                found.into_iter().map(|(_, address)| address).collect()
            }
        };
        let marker = SnippetGenerator::create(&searcher, &query, self.title).expect("a marker");
        hits.into_iter()
            .map(|address| {
                let entry: TantivyDocument = searcher.doc(address).expect("an entry");
                let words =
                    |field| entry.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
                let snippet = marker.snippet(words(self.text));
                (words(self.code).to_owned(), snippet.highlighted().to_vec())
            })
            .collect()
    }
}
