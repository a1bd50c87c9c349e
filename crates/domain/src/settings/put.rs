//! Placing a document among the settings: with those that count, or with those that were withdrawn.

use std::collections::BTreeMap;

use super::Setting;
use crate::office::OfficeSettings;

/// Puts a document where it belongs and takes it from where it no longer does.
fn place<K: Ord + Copy, V>(
    (wanted, withdrawn): (&mut BTreeMap<K, V>, &mut BTreeMap<K, V>),
    (id, removed): (K, bool),
    document: V,
) {
    if removed {
        wanted.remove(&id);
        withdrawn.insert(id, document);
    } else {
        withdrawn.remove(&id);
        wanted.insert(id, document);
    }
}

impl OfficeSettings {
    /// Puts one document.
    pub fn put(&mut self, setting: Setting) {
        let gone = &mut self.withdrawn;
        match setting {
            Setting::Office(d) => {
                self.office = d.office;
                self.travel_min = d.travel_min;
                self.travel = d.travel;
            }
            Setting::Site(s) => place((&mut self.sites, &mut gone.sites), (s.id, s.removed), s),
            Setting::Room(r) => place((&mut self.rooms, &mut gone.rooms), (r.id, r.removed), r),
            Setting::Kind(k) => {
                self.kinds.insert(k.id, k);
            }
            Setting::Opening(o) => place((&mut self.openings, &mut gone.openings), (o.id, o.removed), o),
            Setting::Absence(a) => place((&mut self.absences, &mut gone.absences), (a.id, a.removed), a),
        }
    }
}
