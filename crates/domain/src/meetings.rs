//! The meetings of a state of an office: a map that is cheap to take a part of.

use std::collections::BTreeMap;
use std::collections::btree_map::{self, Entry};
use std::ops::Index;
use std::sync::Arc;

use crate::appointment::Appointment;
use crate::ids::AppointmentId;

/// Meetings by their ids. Whoever decides two hundred commands takes two hundred parts of one whole, each with the meetings
/// of three days: a part shares them with the whole, and whichever of the two changes one gets a copy of its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meetings(BTreeMap<AppointmentId, Arc<Appointment>>);

impl Meetings {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// This meeting.
    #[must_use]
    pub fn get(&self, id: &AppointmentId) -> Option<&Appointment> {
        self.0.get(id).map(Arc::as_ref)
    }

    /// This meeting, to be changed here alone.
    pub fn get_mut(&mut self, id: &AppointmentId) -> Option<&mut Appointment> {
        self.0.get_mut(id).map(Arc::make_mut)
    }

    /// This meeting, to be shared with another state.
    #[must_use]
    pub fn shared(&self, id: &AppointmentId) -> Option<&Arc<Appointment>> {
        self.0.get(id)
    }

    /// All of them, to be shared with another state.
    pub fn all_shared(&self) -> impl Iterator<Item = &Arc<Appointment>> {
        self.0.values()
    }

    /// Whether it is there.
    #[must_use]
    pub fn contains_key(&self, id: &AppointmentId) -> bool {
        self.0.contains_key(id)
    }

    /// Puts a meeting in the place of what was there under its id, which it gives back.
    pub fn insert(&mut self, id: AppointmentId, a: impl Into<Arc<Appointment>>) -> Option<Arc<Appointment>> {
        self.0.insert(id, a.into())
    }

    /// Puts a meeting there unless one of its id is.
    pub fn insert_new(&mut self, a: impl Into<Arc<Appointment>>) {
        let a = a.into();
        if let Entry::Vacant(place) = self.0.entry(a.id) {
            place.insert(a);
        }
    }

    /// Puts meetings of another state there, as they are in it.
    pub fn add_shared<'a>(&mut self, all: impl IntoIterator<Item = &'a Arc<Appointment>>) {
        // At once and not one by one: the map is built in order instead of being searched for each place.
        self.0.append(&mut all.into_iter().map(|a| (a.id, Arc::clone(a))).collect());
    }

    /// Takes a meeting away.
    pub fn remove(&mut self, id: &AppointmentId) -> Option<Arc<Appointment>> {
        self.0.remove(id)
    }

    /// Keeps those of which this is true.
    pub fn retain(&mut self, mut keeps: impl FnMut(&AppointmentId, &Appointment) -> bool) {
        self.0.retain(|id, a| keeps(id, a));
    }

    /// All ids, in their order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &AppointmentId> + ExactSizeIterator + Clone {
        self.0.keys()
    }

    /// All meetings, in the order of their ids.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Appointment> + ExactSizeIterator + Clone {
        self.0.values().map(Arc::as_ref)
    }

    /// All meetings, to be changed here alone.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Appointment> {
        self.0.values_mut().map(Arc::make_mut)
    }

    /// All with their ids.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&AppointmentId, &Appointment)> + Clone {
        self.0.iter().map(|(id, a)| (id, a.as_ref()))
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Index<&AppointmentId> for Meetings {
    type Output = Appointment;

    fn index(&self, id: &AppointmentId) -> &Appointment {
        &self.0[id]
    }
}

impl<A: Into<Arc<Appointment>>> Extend<(AppointmentId, A)> for Meetings {
    fn extend<I: IntoIterator<Item = (AppointmentId, A)>>(&mut self, all: I) {
        self.0.extend(all.into_iter().map(|(id, a)| (id, a.into())));
    }
}

impl<A: Into<Arc<Appointment>>> FromIterator<(AppointmentId, A)> for Meetings {
    fn from_iter<I: IntoIterator<Item = (AppointmentId, A)>>(all: I) -> Self {
        Self(all.into_iter().map(|(id, a)| (id, a.into())).collect())
    }
}

impl IntoIterator for Meetings {
    type Item = (AppointmentId, Arc<Appointment>);
    type IntoIter = btree_map::IntoIter<AppointmentId, Arc<Appointment>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
