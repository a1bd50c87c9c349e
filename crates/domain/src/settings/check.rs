//! Whether a document of the settings makes sense among the others. Each error names the field and a stable code, as a
//! form does; nothing here knows who asks.

use super::Setting;
use super::check_repeats::{blocks, dates, repetition};
use crate::client::{FieldError, is_mail, is_phone, is_postal_code};
use crate::office::{
    Absence, AppointmentKind, OfficeDocument, OfficeSettings, Opening, Room, Site, SiteKind,
};

/// Longest name, characters.
pub const NAME_MAX: usize = 120;
/// Longest address or second line, characters.
const LINE_MAX: usize = 200;
/// Longest instructions to a family, characters.
const TEXT_MAX: usize = 2_000;
/// Most closures of a site, hours of an office, travel times.
const LIST_MAX: usize = 2_000;
/// Longest single absence, days.
const ABSENCE_DAYS_MAX: i64 = 400;

/// The errors of one document, field by field.
#[derive(Debug, Default)]
pub(super) struct Errors(pub(super) Vec<FieldError>);

impl Errors {
    pub(super) fn add(&mut self, field: &str, code: &str) {
        self.0.push(FieldError { field: field.into(), code: code.into() });
    }

    fn required(&mut self, field: &str, text: &str, max: usize) {
        if text.trim().is_empty() {
            self.add(field, "required");
        } else {
            self.short(field, text, max);
        }
    }

    fn short(&mut self, field: &str, text: &str, max: usize) {
        if text.chars().count() > max {
            self.add(field, "too_long");
        }
    }

    fn optional(&mut self, field: &str, text: Option<&String>, max: usize) {
        if let Some(text) = text {
            self.required(field, text, max);
        }
    }

    fn within(&mut self, field: &str, value: i64, range: std::ops::RangeInclusive<i64>) {
        if !range.contains(&value) {
            self.add(field, "out_of_range");
        }
    }
}

/// What is wrong with a changed document. `before` are the settings without the command's changes, `after` with all.
///
/// Codes: "required", "too_long", "too_many", "out_of_range", "in_use" (the name, the key, or a place that something
/// still needs), "unknown" (it names something that is not there), "fixed" (it cannot change), "order" (not after the
/// one before), "no_date" (the repetition names no day), "phone", "mail", "postal_code".
#[must_use]
pub fn check(before: &OfficeSettings, after: &OfficeSettings, setting: &Setting) -> Vec<FieldError> {
    let mut e = Errors::default();
    match setting {
        Setting::Office(d) => office(&mut e, before, after, d),
        Setting::Site(s) => site(&mut e, after, s),
        Setting::Room(r) => room(&mut e, after, r),
        Setting::Kind(k) => kind(&mut e, before, after, k),
        Setting::Opening(o) => opening(&mut e, before, after, o),
        Setting::Absence(a) => absence(&mut e, after, a),
    }
    e.0
}

/// What an office cannot be without: a main site and a kind that can be booked. What was missing before is not held
/// against a change.
#[must_use]
pub fn check_office(before: &OfficeSettings, after: &OfficeSettings) -> Vec<FieldError> {
    let mut e = Errors::default();
    let main = |s: &OfficeSettings| s.sites.values().any(|s| s.kind == SiteKind::Main);
    if main(before) && !main(after) {
        e.add("sites", "required");
    }
    let active = |s: &OfficeSettings| s.kinds.values().any(|k| k.active);
    if active(before) && !active(after) {
        e.add("kinds", "required");
    }
    e.0
}

fn office(e: &mut Errors, before: &OfficeSettings, after: &OfficeSettings, d: &OfficeDocument) {
    let o = &d.office;
    if o.uai != before.office.uai {
        e.add("uai", "fixed");
    }
    // Absences are civil times of it, and so is every date already written.
    if o.zone != before.office.zone {
        e.add("zone", "fixed");
    }
    e.required("name", &o.name, NAME_MAX);
    e.required("town", &o.town, NAME_MAX);
    e.required("address", &o.address, LINE_MAX);
    if !is_postal_code(&o.postal_code) {
        e.add("postal_code", "postal_code");
    }
    if o.phone.as_deref().is_some_and(|p| !is_phone(p)) {
        e.add("phone", "phone");
    }
    if o.mail.as_deref().is_some_and(|m| !is_mail(m)) {
        e.add("mail", "mail");
    }
    if o.hours.len() > 7 * 6 {
        e.add("hours", "too_many");
    }
    for (i, h) in o.hours.iter().enumerate() {
        e.within(&format!("hours.{i}.weekday"), h.weekday.into(), 0..=6);
        if h.from >= h.to {
            e.add(&format!("hours.{i}.to"), "order");
        }
        if o.hours[..i].iter().any(|b| b.weekday == h.weekday && b.from < h.to && h.from < b.to) {
            e.add(&format!("hours.{i}.from"), "order");
        }
    }
    let times = o.answer_within_min;
    for (field, value) in
        [("chat", times.chat), ("mail", times.mail), ("phone", times.phone), ("walk_in", times.walk_in)]
    {
        e.within(&format!("answer_within_min.{field}"), value.into(), 1..=10_080);
    }
    e.within("hold_min", o.hold_min.into(), 15..=20_160);
    e.within("travel_min", d.travel_min.into(), 0..=240);
    if d.travel.len() > LIST_MAX {
        e.add("travel", "too_many");
    }
    for (i, t) in d.travel.iter().enumerate() {
        e.within(&format!("travel.{i}.minutes"), t.minutes.into(), 0..=480);
        if t.a == t.b || after.site(t.a).is_none() || after.site(t.b).is_none() {
            e.add(&format!("travel.{i}.b"), "unknown");
        }
        let same = |u: &crate::office::TravelTime| (u.a, u.b) == (t.a, t.b) || (u.b, u.a) == (t.a, t.b);
        if d.travel[..i].iter().any(same) {
            e.add(&format!("travel.{i}.b"), "in_use");
        }
    }
}

fn site(e: &mut Errors, after: &OfficeSettings, s: &Site) {
    if s.removed {
        let needed = after.rooms.values().any(|r| r.site == s.id)
            || after
                .openings
                .values()
                .any(|o| o.site == s.id || o.overrides.iter().any(|d| d.site == Some(s.id)));
        if needed {
            e.add("removed", "in_use");
        }
        return;
    }
    e.required("name", &s.name, NAME_MAX);
    e.short("address", &s.address, LINE_MAX);
    if after.sites.values().any(|o| o.id != s.id && same_name(&o.name, &s.name)) {
        e.add("name", "in_use");
    }
    if s.closures.len() > LIST_MAX {
        e.add("closures", "too_many");
    }
    dates(e, "closures", &s.closures);
}

fn room(e: &mut Errors, after: &OfficeSettings, r: &Room) {
    if r.removed {
        return;
    }
    e.required("name", &r.name, NAME_MAX);
    e.required("kind", &r.kind, 60);
    e.within("seats", r.seats.into(), 1..=500);
    e.within("rank", r.rank.into(), -1_000..=1_000);
    if !after.sites.contains_key(&r.site) {
        e.add("site", "unknown");
    }
    if after.rooms.values().any(|o| o.id != r.id && o.site == r.site && same_name(&o.name, &r.name)) {
        e.add("name", "in_use");
    }
}

fn kind(e: &mut Errors, before: &OfficeSettings, after: &OfficeSettings, k: &AppointmentKind) {
    e.required("name", &k.name, NAME_MAX);
    e.required("key", &k.key, 40);
    if !k.key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        e.add("key", "out_of_range");
    }
    let others = || after.kinds.values().filter(|o| o.id != k.id);
    if others().any(|o| o.key == k.key) {
        e.add("key", "in_use");
    }
    // Two names that were alike before stay so until somebody gives one of them another.
    let renamed = before.kinds.get(&k.id).is_none_or(|b| b.name != k.name || b.active != k.active);
    if k.active && renamed && others().any(|o| o.active && same_name(&o.name, &k.name)) {
        e.add("name", "in_use");
    }
    e.within("duration_min", k.duration_min.into(), 5..=480);
    e.within("buffer_after_min", k.buffer_after_min.into(), 0..=240);
    e.within("min_notice_min", k.min_notice_min.into(), 0..=60 * 24 * 60);
    e.within("horizon_days", k.horizon_days.unwrap_or(0).into(), 0..=730);
    e.within("capacity", k.capacity.into(), 1..=200);
    e.within("rank", k.rank.into(), -1_000..=1_000);
    e.optional("room_kind", k.room_kind.as_ref(), 60);
    e.optional("before", k.before.as_ref(), TEXT_MAX);
    e.optional("after", k.after.as_ref(), TEXT_MAX);
    if k.online && k.room_kind.is_some() {
        e.add("room_kind", "online");
    }
    // Meetings of a group share counsellor and room by their kind: a kind that stopped being one would leave them
    // overlapping. Another kind is made instead, and this one rests.
    if before.kinds.get(&k.id).is_some_and(|b| (b.capacity > 1) != (k.capacity > 1)) {
        e.add("capacity", "fixed");
    }
}

fn opening(e: &mut Errors, before: &OfficeSettings, after: &OfficeSettings, o: &Opening) {
    if o.removed {
        return;
    }
    let receives = after.people.get(&o.counsellor).is_some_and(crate::people::Person::receives);
    // Somebody who has left keeps the openings that were there: they only offer nothing.
    let theirs = before.openings.get(&o.id).is_some_and(|b| b.counsellor == o.counsellor);
    if !receives && !theirs {
        e.add("counsellor", "unknown");
    }
    if !after.sites.contains_key(&o.site) {
        e.add("site", "unknown");
    }
    if o.blocks.is_empty() {
        e.add("blocks", "required");
    }
    blocks(e, "blocks", &o.blocks);
    repetition(e, o.first_day, o.rule.as_ref(), "first_day");
    e.optional("label", o.label.as_ref(), NAME_MAX);
    if o.except.len() > LIST_MAX {
        e.add("except", "too_many");
    }
    dates(e, "except", &o.except);
    if o.overrides.len() > LIST_MAX {
        e.add("overrides", "too_many");
    }
    for (i, d) in o.overrides.iter().enumerate() {
        blocks(e, &format!("overrides.{i}.blocks"), &d.blocks);
        if d.date < o.first_day {
            e.add(&format!("overrides.{i}.date"), "order");
        }
        if d.site.is_some_and(|s| !after.sites.contains_key(&s)) {
            e.add(&format!("overrides.{i}.site"), "unknown");
        }
    }
    let days: Vec<_> = o.overrides.iter().map(|d| d.date).collect();
    dates(e, "overrides", &days);
}

fn absence(e: &mut Errors, after: &OfficeSettings, a: &Absence) {
    if a.removed {
        return;
    }
    if !after.people.contains_key(&a.counsellor) {
        e.add("counsellor", "unknown");
    }
    e.required("label", &a.label, NAME_MAX);
    e.optional("detail", a.detail.as_ref(), LINE_MAX);
    if a.end <= a.start {
        e.add("end", "order");
    } else if (a.end - a.start).num_days() > ABSENCE_DAYS_MAX {
        e.add("end", "out_of_range");
    }
    repetition(e, a.start.date(), a.rule.as_ref(), "start");
    if a.except.len() > LIST_MAX {
        e.add("except", "too_many");
    }
    dates(e, "except", &a.except);
}

fn same_name(a: &str, b: &str) -> bool {
    let plain = |t: &str| t.trim().to_lowercase();
    plain(a) == plain(b)
}
