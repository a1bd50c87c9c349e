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
