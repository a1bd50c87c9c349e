//! Reads the files and decides what each row is. Runs on a thread of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use serde::Serialize;
use tokio::sync::mpsc::Sender;

use super::Origin;
use super::known::{Heading, Known};
use super::report::{DETAILED, Ignored, Note, Progress, Report, Stage};
use crate::file::{Batch, Finished, Gathering, Given, LinkRow, OfferingRow, PartRow, SourceRow, batches};
use crate::model::{Institution, Level, Link, Occupation, Offering, Programme, Question};
use crate::readers::sources::{Found, Source};
use crate::readers::{self, Fault, FaultKind, Item, ReadRow, Reject};

/// All that reading gave but the rows themselves.
#[derive(Debug)]
pub(super) struct Gathered {
    pub known: Known,
    /// The offerings, as the index wants them: it need not read them back.
    pub given: Given,
    /// The files of this import, then those that are taken over.
    pub sources: Vec<SourceRow>,
    /// How many are of this import.
    fresh: usize,
    report: Report,
    progress: Progress,
}

impl Gathered {
    /// Where it stands.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// The files of this import that are of this dataset.
    pub fn of_dataset(&self, dataset: &str) -> Vec<i64> {
        self.sources.iter().take(self.fresh).filter(|s| s.dataset == dataset).map(|s| s.id).collect()
    }

    /// Puts this origin in the place of the publishers of the formats.
    pub fn told_by(&mut self, origin: &Origin) {
        for source in self.sources.iter_mut().take(self.fresh) {
            source.title.clone_from(&origin.title);
            source.publisher.clone_from(&origin.publisher);
            source.licence.clone_from(&origin.licence);
        }
    }

    /// The rows of `source`.
    pub fn source_rows(&mut self) -> impl Iterator<Item = Batch> + use<> {
        batches(std::mem::take(&mut self.sources), Batch::Sources)
    }

    /// The report, with what the file holds.
    pub fn into_report(self, release: &str, finished: &Finished) -> Report {
        let count = |n: i64| u64::try_from(n).unwrap_or_default();
        let mut report = self.report;
        report.release = release.to_owned();
        report.by_kind = finished.by_kind.iter().map(|(kind, n)| ((*kind).to_owned(), count(*n))).collect();
        if finished.offerings > 0 {
            report.by_kind.insert("offering".to_owned(), count(finished.offerings));
        }
        report.records = count(finished.entries + finished.offerings);
        report.dangling = count(finished.dangling);
        report.gone = count(finished.gone);
        report
    }
}

/// Reads all files.
pub(super) fn gather(
    found: Found,
    release: &str,
    sender: Sender<Batch>,
    progress: &dyn Fn(Progress),
    stop: &Arc<AtomicBool>,
) -> Result<Gathered, Fault> {
    let total = found.sources.iter().map(|s| s.bytes).sum();
    let mut report = Report::default();
    for source in &found.sources {
        report.notes.extend(source.notes.iter().map(|text| Note {
            file: source.name.clone(),
            text: text.clone(),
            count: 1,
        }));
    }
    report.ignored = found.others.into_iter().map(|f| Ignored { file: f.file, reason: f.reason }).collect();
    let mut work = Work {
        known: Known::default(),
        given: Given::default(),
        outbox: Outbox::new(sender),
        report,
        progress: Progress { stage: Stage::Reading, file: String::new(), done: 0, total, rows: 0 },
        said: None,
    };
    let mut sources = Vec::new();
    for source in &found.sources {
        let id = i64::try_from(sources.len()).unwrap_or(i64::MAX - 1) + 1;
        sources.push(work.read(source, id, release, progress, stop)?);
    }
    work.outbox.flush()?;
    Ok(Gathered {
        known: work.known,
        given: work.given,
        fresh: sources.len(),
        sources,
        report: work.report,
        progress: work.progress,
    })
}

struct Work {
    known: Known,
    given: Given,
    outbox: Outbox,
    report: Report,
    progress: Progress,
    said: Option<Instant>,
}

/// What one file gave.
#[derive(Default)]
struct OfFile {
    id: i64,
    rank: i64,
    read: u64,
    kept: u64,
    secondary: u64,
    higher: u64,
    changed: Option<NaiveDate>,
    left_out: BTreeMap<&'static str, u64>,
    first_reason: String,
}

impl OfFile {
    /// Counts the level of a programme, which tells the dataset of a table of offerings.
    fn leads_to(&mut self, level: Option<Level>) {
        match level.map(Level::is_secondary) {
            Some(true) => self.secondary += 1,
            Some(false) => self.higher += 1,
            None => {}
        }
    }
}

impl Work {
    fn read(
        &mut self,
        source: &Source,
        id: i64,
        release: &str,
        progress: &dyn Fn(Progress),
        stop: &Arc<AtomicBool>,
    ) -> Result<SourceRow, Fault> {
        self.progress.file.clone_from(&source.name);
        let before = self.progress.done;
        let mut file = OfFile { id, rank: source.format.dataset(true).rank(), ..OfFile::default() };
        let collection = source.with(stop, |bounded| {
            let gauge = bounded.gauge();
            readers::read(source.format, bounded, &source.name, &mut |line, row| {
                self.row(&source.name, line, row, &mut file)?;
                self.progress.done = before + gauge.total();
                self.say(progress);
                Ok(())
            })
        })?;
        self.progress.done = before + source.bytes;
        // A table of which nothing can be kept would let all that it had before disappear.
        if file.kept == 0 {
            let reason = match file.read {
                0 => "le fichier ne contient aucune ligne".to_owned(),
                read => format!("aucune des {read} lignes n’a pu être gardée ({})", file.first_reason),
            };
            return Err(Fault::new(FaultKind::Malformed, &source.name, reason));
        }
        for (text, count) in file.left_out {
            self.report.notes.push(Note { file: source.name.clone(), text: text.to_owned(), count });
        }
        let dataset = source.format.dataset(file.secondary >= file.higher);
        let mut row = SourceRow {
            id,
            dataset: dataset.code().to_owned(),
            title: dataset.title().to_owned(),
            publisher: dataset.publisher().to_owned(),
            licence: dataset.licence().to_owned(),
            published: day_in(&source.name).or(file.changed).map(|day| day.to_string()),
            file: source.name.rsplit(['/', '\\', '›']).next().unwrap_or_default().trim().to_owned(),
            release: release.to_owned(),
        };
        if let Some(collection) = collection {
            row.dataset = format!("{}/{}", dataset.code(), collection.name);
            row.publisher = collection.publisher;
            row.licence = collection.licence;
            row.published = collection.published.or(file.changed).map(|day| day.to_string());
        }
        Ok(row)
    }

    /// Ten times a second is enough for a bar.
    fn say(&mut self, progress: &dyn Fn(Progress)) {
        if self.said.is_none_or(|said| said.elapsed() > Duration::from_millis(100)) {
            self.said = Some(Instant::now());
            progress(self.progress.clone());
        }
    }

    fn row(&mut self, name: &str, line: u64, row: readers::Row, file: &mut OfFile) -> Result<(), Fault> {
        self.report.read += 1;
        self.progress.rows += 1;
        file.read += 1;
        match row {
            Ok(read) => {
                self.report.kept += 1;
                file.kept += 1;
                self.keep(read, file)
            }
            Err(reason) => {
                self.report.rejected += 1;
                if file.first_reason.is_empty() {
                    file.first_reason.clone_from(&reason);
                }
                if self.report.rejects.len() < DETAILED {
                    self.report.rejects.push(Reject { file: name.to_owned(), line: Some(line), reason });
                }
                Ok(())
            }
        }
    }

    fn keep(&mut self, read: ReadRow, file: &mut OfFile) -> Result<(), Fault> {
        file.changed = file.changed.max(read.changed);
        for text in read.left_out {
            *file.left_out.entry(text).or_default() += 1;
        }
        for item in read.items {
            match item {
                Item::ProgrammeAgain(level) => file.leads_to(level),
                Item::Programme(id, programme) => {
                    file.leads_to(programme.level);
                    self.programme(&id, &programme, file)?;
                }
                Item::Occupation(id, occupation) => self.occupation(&id, &occupation, file)?,
                Item::Institution(id, institution) => self.institution(&id, &institution, file.rank, file)?,
                Item::Directory(id, institution) => self.directory(id, *institution, file)?,
                Item::Question(id, question) => self.question(&id, &question, file)?,
                Item::Offering(offering) => self.offering(*offering, file)?,
                Item::Domain(domain) => self.outbox.domain((file.id, domain.domain, domain.subdomain))?,
            }
        }
        Ok(())
    }

    fn programme(&mut self, id: &str, programme: &Programme, file: &OfFile) -> Result<(), Fault> {
        let level = match programme.level {
            Some(level) => level.label(),
            None => programme.level_label.as_str(),
        };
        let words = [programme.type_name.as_str(), level, programme.duration.as_str()];
        let known = words.into_iter().filter(|word| *word != programme.name);
        let heading = Heading {
            kind: "programme",
            title: programme.name.clone(),
            subtitle: under(known),
            ..Heading::default()
        };
        if self.part(id, heading, file.rank, file, programme)? {
            self.links(id, "occupation", &programme.occupations, file)?;
        }
        Ok(())
    }

    fn occupation(&mut self, id: &str, occupation: &Occupation, file: &OfFile) -> Result<(), Fault> {
        let sectors: Vec<&str> = occupation.sectors.iter().map(|sector| sector.label.as_str()).collect();
        let about =
            if occupation.field.is_empty() { sectors.join(", ") } else { occupation.field_in_words() };
        let level = occupation.level.map_or("", Level::label);
        let heading = Heading {
            kind: "occupation",
            title: occupation.name.shown(),
            subtitle: under([about.as_str(), level]),
            ..Heading::default()
        };
        if self.part(id, heading, file.rank, file, occupation)? {
            self.links(id, "programme", &occupation.programmes, file)?;
            self.links(id, "related", &occupation.related, file)?;
        }
        Ok(())
    }

    fn institution(
        &mut self,
        id: &str,
        institution: &Institution,
        rank: i64,
        file: &OfFile,
    ) -> Result<(), Fault> {
        let heading = Heading {
            kind: "institution",
            title: institution.name.clone(),
            subtitle: institution.subtitle(),
            uai: institution.uai.clone(),
            office: institution.guidance_office,
        };
        if self.part(id, heading, rank, file, institution)? {
            self.links(id, "related", &institution.related, file)?;
            if let Some(university) = &institution.university {
                self.links(id, "university", std::slice::from_ref(university), file)?;
            }
        }
        Ok(())
    }

    /// An institution of the Annuaire: that of Onisep with the same UAI, else that of its address on Onisep's site
    /// unless it is another one's, else one of its own, known by its UAI.
    fn directory(
        &mut self,
        id: Option<String>,
        mut institution: Institution,
        file: &OfFile,
    ) -> Result<(), Fault> {
        let uai = institution.uai.clone();
        let by_uai = self.known.by_uai(&uai).map(str::to_owned);
        let free = |id: &String| self.known.uai_of(id).is_none_or(|known| known.is_empty() || known == uai);
        let id = by_uai.or_else(|| id.filter(free)).unwrap_or(uai);
        let again = self.known.was_told(&id, std::iter::once(file.id));
        let is_annex = institution.name.to_lowercase().contains("annexe");
        if is_annex {
            institution.annexes.push(institution.clone().into_annex());
        } else if again
            && self.known.title_of(&id).is_some_and(|title| !title.to_lowercase().contains("annexe"))
        {
            institution = Institution { annexes: vec![institution.into_annex()], ..Institution::default() };
        }
        self.institution(&id, &institution, file.rank + i64::from(is_annex), file)
    }

    fn question(&mut self, id: &str, question: &Question, file: &OfFile) -> Result<(), Fault> {
        let heading = Heading { kind: "faq", title: question.question.clone(), ..Heading::default() };
        if self.part(id, heading, file.rank, file, question)? {
            self.links(id, "about", &question.links, file)?;
        }
        Ok(())
    }

    fn offering(&mut self, offering: Offering, file: &OfFile) -> Result<(), Fault> {
        if !self.known.offer(&offering.id, &offering.programme, &offering.institution) {
            return Ok(());
        }
        let body = body(&offering)?;
        self.given.add(&offering.id, &offering.programme, &offering.institution, &offering.attendance);
        let Offering { id, programme, institution, .. } = offering;
        self.outbox.offering(OfferingRow {
            id,
            programme,
            institution,
            source: file.id,
            gone_since: None,
            body,
        })
    }

    /// Adds a part; false when the same words are there already.
    fn part(
        &mut self,
        id: &str,
        heading: Heading,
        rank: i64,
        file: &OfFile,
        record: &impl Serialize,
    ) -> Result<bool, Fault> {
        let at = self.known.entry(id, heading, rank, None);
        let body = body(record)?;
        if !self.known.tell(at, file.id, &body) {
            return Ok(false);
        }
        self.outbox.part(PartRow { entry: Known::seq(at), source: file.id, rank, gone_since: None, body })?;
        Ok(true)
    }

    fn links(
        &mut self,
        origin: &str,
        kind: &'static str,
        links: &[Link],
        file: &OfFile,
    ) -> Result<(), Fault> {
        for link in links.iter().filter(|link| !link.id.is_empty()) {
            self.outbox.link(LinkRow {
                source: file.id,
                kind,
                origin: origin.to_owned(),
                target: link.id.clone(),
                label: link.label.clone(),
            })?;
        }
        Ok(())
    }
}

/// What stands under a name: what is known of it, with a point between.
fn under<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn body(record: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(record).map_err(|e| Fault::of(&e, "", FaultKind::Unreadable))
}

/// `Onisep_Ideo_Fiches_Formations_25062024.xml`: the day of a release, where a name holds one.
fn day_in(name: &str) -> Option<NaiveDate> {
    let last = name.rsplit(['/', '\\', '›']).next()?;
    let runs = last.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 8);
    let day = |run: &str| {
        let day = NaiveDate::parse_from_str(run, "%d%m%Y")
            .or_else(|_| NaiveDate::parse_from_str(run, "%Y%m%d"))
            .ok()?;
        (2000..2100).contains(&chrono::Datelike::year(&day)).then_some(day)
    };
    runs.filter_map(day).next()
}

/// Rows on their way to the file.
struct Outbox {
    sender: Sender<Batch>,
    parts: Gathering<PartRow>,
    offerings: Gathering<OfferingRow>,
    links: Gathering<LinkRow>,
    domains: Gathering<(i64, String, String)>,
}

impl Outbox {
    fn new(sender: Sender<Batch>) -> Self {
        Self {
            sender,
            parts: Gathering::new(Batch::Parts),
            offerings: Gathering::new(Batch::Offerings),
            links: Gathering::new(Batch::Links),
            domains: Gathering::new(Batch::Domains),
        }
    }

    fn send(&self, batch: Option<Batch>) -> Result<(), Fault> {
        // Nobody listens when writing has failed; its own error is the one that is told.
        batch.map_or(Ok(()), |batch| {
            self.sender
                .blocking_send(batch)
                .map_err(|_| Fault::new(FaultKind::Stopped, "", "l’écriture a échoué"))
        })
    }

    fn part(&mut self, row: PartRow) -> Result<(), Fault> {
        let full = self.parts.push(row);
        self.send(full)
    }

    fn offering(&mut self, row: OfferingRow) -> Result<(), Fault> {
        let full = self.offerings.push(row);
        self.send(full)
    }

    fn link(&mut self, row: LinkRow) -> Result<(), Fault> {
        let full = self.links.push(row);
        self.send(full)
    }

    fn domain(&mut self, row: (i64, String, String)) -> Result<(), Fault> {
        let full = self.domains.push(row);
        self.send(full)
    }

    fn flush(&mut self) -> Result<(), Fault> {
        let left = [self.parts.rest(), self.offerings.rest(), self.links.rest(), self.domains.rest()];
        left.into_iter().try_for_each(|batch| self.send(Some(batch)))
    }
}
