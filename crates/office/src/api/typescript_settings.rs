//! The TypeScript of the documents of the settings. They cross as the domain keeps them; a test reads these words and
//! a whole set of settings side by side.

/// The documents, in the order of the settings.
pub(super) const SETTINGS: &str = r#"export type SchoolZone = "a" | "b" | "c" | "local";
export type HolidayZone = "metropole" | "alsace-moselle";
export type KindColour = "green" | "blue" | "violet" | "ochre" | "brick" | "olive" | "magenta" | "grey";
export type Weekday = "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun";
export type Block = { from: number; to: number };
export type Recurrence = {
  frequency: "daily" | "weekly" | "monthly";
  interval: number;
  weekdays: Weekday[];
  nth_weekday: { nth: number; weekday: Weekday } | null;
  until: string | null;
};
/** The office. Civil times are "HH:MM:SS" in its zone; optional fields are left out when they have their usual value. */
export type OfficeDoc = {
  uai: string;
  name: string;
  town: string;
  address: string;
  postal_code: string;
  position?: { lat: number; lon: number };
  phone?: string;
  mail?: string;
  zone: string;
  hours: { weekday: number; from: string; to: string }[];
  answer_within_min: { chat: number; mail: number; phone: number; walk_in: number };
  hold_min: number;
  school_zone?: SchoolZone;
  travel_min: number;
  travel?: { a: string; b: string; minutes: number }[];
};
export type SiteDoc = {
  id: string;
  name: string;
  kind: "main" | "annexe" | "school";
  address: string;
  zone: string;
  holidays: HolidayZone;
  closures: string[];
  removed?: boolean;
};
export type RoomDoc = {
  id: string;
  site: string;
  name: string;
  kind: string;
  rank: number;
  seats: number;
  removed?: boolean;
};
export type KindDoc = {
  id: string;
  key: string;
  name: string;
  duration_min: number;
  buffer_after_min: number;
  min_notice_min: number;
  horizon_days?: number;
  room_kind?: string;
  capacity: number;
  rank: number;
  active: boolean;
  colour?: KindColour;
  before?: string;
  after?: string;
  online?: boolean;
};
export type OpeningDoc = {
  id: string;
  counsellor: string;
  site: string;
  first_day: string;
  blocks: Block[];
  rule?: Recurrence;
  except: string[];
  overrides: { date: string; blocks: Block[]; site?: string }[];
  works_on_off_days: boolean;
  label?: string;
  term_only?: boolean;
  duty?: boolean;
  removed?: boolean;
};
/** Start and end are civil times "YYYY-MM-DDTHH:MM:SS" of the office. */
export type AbsenceDoc = {
  id: string;
  counsellor: string;
  start: string;
  end: string;
  rule?: Recurrence;
  except: string[];
  label: string;
  detail?: string;
  removed?: boolean;
};
export type SettingDoc =
  | { entity: "office"; doc: OfficeDoc }
  | { entity: "site"; doc: SiteDoc }
  | { entity: "room"; doc: RoomDoc }
  | { entity: "kind"; doc: KindDoc }
  | { entity: "opening"; doc: OpeningDoc }
  | { entity: "absence"; doc: AbsenceDoc };
/** What was read (left out for a new document, whose id the screen makes) and what it is to be. */
export type SettingChange = { seen?: SettingDoc; to: SettingDoc };
"#;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::SETTINGS;
    use chrono::NaiveDate;
    use passerelle_domain::office::*;
    use passerelle_domain::school_holidays::SchoolZone;
    use serde_json::Value;

    /// The names of the fields of a type, those of what it holds left out.
    fn declared(name: &str) -> BTreeSet<String> {
        let from = SETTINGS.find(&format!("export type {name} = {{")).expect(name);
        let body = &SETTINGS[from..from + SETTINGS[from..].find("\n};").expect("its end")];
        body.lines()
            .filter_map(|l| l.strip_prefix("  ")?.split_once(':'))
            .map(|(field, _)| field.trim_end_matches('?').to_owned())
            .collect()
    }

    fn written(doc: &Value) -> BTreeSet<String> {
        doc.as_object().expect("a document").keys().cloned().collect()
    }

    /// Every field is given a value that is not the usual one, so that each is written.
    #[test]
    fn the_documents_have_the_fields_that_are_declared() {
        let id = uuid::Uuid::from_u128(7);
        let day = NaiveDate::from_ymd_opt(2027, 3, 1).expect("a date");
        let rule = Some(Recurrence::weekly([]));
        let some = || Some("x".to_owned());
        let office = OfficeDocument {
            office: Office {
                uai: passerelle_domain::ids::Uai::from_number(801_234),
                name: String::new(),
                town: String::new(),
                address: String::new(),
                postal_code: String::new(),
                position: Some(Position { lat: 1.0, lon: 2.0 }),
                phone: some(),
                mail: some(),
                zone: chrono_tz::Europe::Paris,
                hours: Vec::new(),
                answer_within_min: AnswerTimes::default(),
                hold_min: 1,
                school_zone: Some(SchoolZone::B),
            },
            travel_min: 1,
            travel: vec![TravelTime { a: id.into(), b: id.into(), minutes: 1 }],
        };
        let site = Site {
            id: id.into(),
            name: String::new(),
            kind: SiteKind::Main,
            address: String::new(),
            zone: chrono_tz::Europe::Paris,
            holidays: HolidayZone::AlsaceMoselle,
            closures: Vec::new(),
            removed: true,
        };
        let room = Room {
            id: id.into(),
            site: id.into(),
            name: String::new(),
            kind: String::new(),
            rank: 0,
            seats: 1,
            removed: true,
        };
        let kind = AppointmentKind {
            id: id.into(),
            key: String::new(),
            name: String::new(),
            duration_min: 1,
            buffer_after_min: 1,
            min_notice_min: 1,
            horizon_days: Some(1),
            room_kind: some(),
            capacity: 1,
            rank: 0,
            active: true,
            colour: KindColour::Ochre,
            before: some(),
            after: some(),
            online: true,
        };
        let opening = Opening {
            id: id.into(),
            counsellor: id.into(),
            site: id.into(),
            first_day: day,
            blocks: Vec::new(),
            rule: rule.clone(),
            except: Vec::new(),
            overrides: Vec::new(),
            works_on_off_days: true,
            label: some(),
            term_only: true,
            duty: true,
            removed: true,
        };
        let absence = Absence {
            id: id.into(),
            counsellor: id.into(),
            start: day.and_time(chrono::NaiveTime::MIN),
            end: day.and_time(chrono::NaiveTime::MIN),
            rule,
            except: Vec::new(),
            label: String::new(),
            detail: some(),
            removed: true,
        };
        for (name, doc) in [
            ("OfficeDoc", serde_json::to_value(&office)),
            ("SiteDoc", serde_json::to_value(&site)),
            ("RoomDoc", serde_json::to_value(&room)),
            ("KindDoc", serde_json::to_value(&kind)),
            ("OpeningDoc", serde_json::to_value(&opening)),
            ("AbsenceDoc", serde_json::to_value(&absence)),
            ("Recurrence", serde_json::to_value(&opening.rule)),
        ] {
            assert_eq!(written(&doc.expect("plain data")), declared(name), "{name}");
        }
        let colours = [
            KindColour::Green,
            KindColour::Blue,
            KindColour::Violet,
            KindColour::Ochre,
            KindColour::Brick,
            KindColour::Olive,
            KindColour::Magenta,
            KindColour::Grey,
        ];
        let all: Vec<String> = colours.iter().map(|c| serde_json::to_string(c).expect("a word")).collect();
        assert!(SETTINGS.contains(&format!("KindColour = {};", all.join(" | "))), "{all:?}");
    }
}
