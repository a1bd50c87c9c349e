//! Settings: the documents themselves cross as they are (their types are named by hand in `typescript_settings.rs`);
//! here is what is shown around them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use passerelle_domain::client::FieldError;
use passerelle_domain::office::{Absence, AppointmentKind, OfficeDocument, Opening, Room, Site};
use passerelle_domain::settings::Change;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agenda::{AppointmentView, SlotView};
use super::booking::SlotChoice;
use super::clients::ContactView;
use super::session::PersonRef;

/// `settings.get`: all documents of the settings that the one at the desk may see, without those withdrawn.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SettingsView {
    /// What may be changed: "all" (the director) or "own_absences" (a counsellor, who sees only their own absences and
    /// openings).
    pub may: String,
    /// The office with its travel times.
    #[ts(type = "OfficeDoc")]
    pub office: OfficeDocument,
    /// Sites: the main one first, then by name.
    #[ts(type = "Array<SiteDoc>")]
    pub sites: Vec<Site>,
    /// Rooms, by site, rank and name.
    #[ts(type = "Array<RoomDoc>")]
    pub rooms: Vec<Room>,
    /// Kinds of appointment, also those no longer offered, by rank.
    #[ts(type = "Array<KindDoc>")]
    pub kinds: Vec<AppointmentKind>,
    /// Openings and permanences.
    #[ts(type = "Array<OpeningDoc>")]
    pub openings: Vec<Opening>,
    /// Absences.
    #[ts(type = "Array<AbsenceDoc>")]
    pub absences: Vec<Absence>,
    /// Those who receive, in the order of the agenda's columns.
    pub staff: Vec<PersonRef>,
    /// The zone of school holidays that holds: the chosen one, else that of the department.
    #[ts(type = "SchoolZone | null")]
    pub school_zone: Option<passerelle_domain::school_holidays::SchoolZone>,
    /// Ids of the documents above (the office's is its UAI) that central has not confirmed yet.
    pub pending: Vec<String>,
    /// Today at the office.
    pub today: NaiveDate,
}

/// `settings.usage`: how many meetings to come lean on each document, so that a change is made knowingly. Meetings that
/// gave their time back are not counted; seats of a group session are counted one by one.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct SettingsUsage {
    /// By kind id.
    pub kinds: BTreeMap<String, u32>,
    /// By room id.
    pub rooms: BTreeMap<String, u32>,
    /// By site id.
    pub sites: BTreeMap<String, u32>,
}

/// Arguments of `settings.save` and `settings.preview`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SettingsChanges {
    /// Each with the document as it was read (absent for a new one, whose id the screen makes).
    #[ts(type = "Array<SettingChange>")]
    pub changes: Vec<Change>,
    /// The person has seen which meetings fall outside the openings: they stay as they are. Meetings under an absence
    /// or on a closed day are never passed over like that: `settings.replan`.
    #[serde(default)]
    pub accept_hits: bool,
}

/// `settings.preview`: what a change would do, before it is saved.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SettingsPreview {
    /// Wrong fields, by place in the list: "0.blocks.1.to", "kinds".
    #[ts(type = "Array<FieldError>")]
    pub fields: Vec<FieldError>,
    /// One of the documents has changed since it was read.
    pub stale: bool,
    /// For each opening or absence among the changes, its next five days from today.
    pub next: Vec<NextDates>,
    /// The meetings to come that it hits, in order of start.
    pub hits: Vec<HitView>,
}

/// The next days of one document.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct NextDates {
    /// Id of the document.
    pub id: String,
    /// Five at most, those suppressed among them; fewer when it ends.
    pub dates: Vec<OccurrenceView>,
    /// Nothing comes after them.
    pub ends: bool,
}

/// One day of an opening, a permanence or an absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OccurrenceView {
    /// "opening" or "absence".
    pub entity: String,
    /// Id of its document.
    pub id: String,
    /// Whose.
    pub counsellor: PersonRef,
    /// The day; of an absence, its first.
    pub date: NaiveDate,
    /// The last day of an absence that lasts several; else the same day.
    pub last_date: NaiveDate,
    /// Stretches of the day, minutes since midnight at the site. Of an absence: one stretch, from the minute on the
    /// first day to the minute on the last.
    pub blocks: Vec<BlockView>,
    /// Site id; none for an absence.
    pub site: Option<String>,
    /// Name of the site, even of the main one.
    pub site_name: Option<String>,
    /// Label of the document ("Permanence", "Formation").
    pub label: Option<String>,
    /// A permanence.
    pub duty: bool,
    /// It comes back: the whole series can be meant.
    pub repeats: bool,
    /// It differs from the rule.
    pub changed: bool,
    /// Why it does not take place: "closure", "public_holiday", "school_holiday".
    pub suppressed: Option<String>,
    /// Name of that holiday.
    pub suppressed_name: Option<String>,
}

/// A stretch of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BlockView {
    /// Minutes since midnight.
    pub from: u16,
    /// Excluded.
    pub to: u16,
}

/// A meeting that a change hits, with what a person needs to call and to re-plan.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct HitView {
    /// The meeting.
    pub appointment: AppointmentView,
    /// Whom to call.
    pub contact: Option<ContactView>,
    /// "absence", "closure", "holiday", "outside_opening", "duty".
    pub why: Vec<String>,
    /// It cannot be passed over: an absence or a closed day.
    pub must_decide: bool,
    /// The three nearest free places with the same person, once the change is made.
    pub same_person: Vec<SlotView>,
    /// The three nearest with colleagues.
    pub colleagues: Vec<SlotView>,
}

/// Arguments of `settings.replan`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Replan {
    /// The change itself: absences, closures, openings.
    #[ts(type = "Array<SettingChange>")]
    pub changes: Vec<Change>,
    /// What becomes of each meeting that it hits.
    pub decisions: Vec<ReplanDecision>,
}

/// What becomes of one meeting.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReplanDecision {
    /// Appointment id.
    pub appointment: String,
    /// "move", "cancel" or "keep".
    pub take: String,
    /// Where to, for "move".
    pub slot: Option<SlotChoice>,
    /// Why, for "cancel" and "keep".
    pub reason: Option<String>,
}

/// Arguments of `settings.plan_occurrence`: one day of an opening elsewhere, otherwise, or not at all.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OccurrenceDraft {
    /// Opening id.
    pub opening: String,
    /// The day as it is now.
    pub date: NaiveDate,
    /// What it becomes; none removes it.
    pub to: Option<OccurrenceTarget>,
    /// "one": that day alone. "following": the series from that day on.
    pub scope: String,
}

/// Where an occurrence goes.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OccurrenceTarget {
    /// The day.
    pub date: NaiveDate,
    /// Its stretches.
    pub blocks: Vec<BlockView>,
    /// Site id; the opening's own when absent.
    pub site: Option<String>,
}

/// `settings.plan_occurrence`: the changes to save, and what they would do.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OccurrencePlan {
    /// For `settings.save` or `settings.replan`.
    #[ts(type = "Array<SettingChange>")]
    pub changes: Vec<Change>,
    /// As `settings.preview` says it.
    pub preview: SettingsPreview,
}

/// `settings.occurrences`: some days of everybody.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OccurrencesView {
    /// What is to be known of each day, in order.
    pub days: Vec<DayNote>,
    /// Openings, permanences and absences that touch those days, in order of day and hour.
    pub occurrences: Vec<OccurrenceView>,
}

/// What is to be known of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DayNote {
    /// The day.
    pub date: NaiveDate,
    /// The main site is closed ("Armistice de 1918", "Fermeture").
    pub closed: Option<String>,
    /// "Vacances d’hiver · zone B".
    pub holiday: Option<String>,
}

/// `settings.holidays`: one civil year.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct HolidaysView {
    /// Public holidays, computed, of the zones that the office's sites keep.
    pub public: Vec<PublicHolidayView>,
    /// School holidays of the office's zone that touch the year.
    pub school: Vec<SchoolHolidayView>,
    /// "zone B"; none when nothing is known of the academy's calendar.
    pub school_zone: Option<String>,
    /// The last day of which school holidays are known.
    pub known_until: Option<NaiveDate>,
}

/// A public holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PublicHolidayView {
    /// The day.
    pub date: NaiveDate,
    /// "Ascension".
    pub name: String,
    /// Only in Alsace-Moselle.
    pub alsace_moselle: bool,
}

/// School holidays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SchoolHolidayView {
    /// "Vacances d’hiver".
    pub name: String,
    /// First day without school.
    pub first: NaiveDate,
    /// Last day without school.
    pub last: NaiveDate,
}
