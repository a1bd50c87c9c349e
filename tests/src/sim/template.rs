//! What every run begins with, made once: a central with four small offices, three desks enrolled at each, all of them
//! synchronised. It is kept in memory; a run writes the files that it needs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Europe::Paris;
use ed25519_dalek::{Signer as _, SigningKey};
use passerelle_central::administration::write_office;
use passerelle_central::store::{Desk as EnrolledDesk, Feed, Location, open};
use passerelle_domain::OfficeState;
use passerelle_domain::availability::{Search, free_slots};
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::ids::{DeskId, KindId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::people::{Actor, Role};
use passerelle_domain::refusal::FreeSlot;
use passerelle_office::store::{Enrolment, Store, profile_database};
use passerelle_protocol::sync::DIRECTORY;
use rand::RngCore as _;

use super::central::Centre;
use crate::dice::Dice;

/// Offices of a template, and desks of each.
pub const OFFICES: usize = 4;
/// Desks of each office.
pub const DESKS: usize = 3;
/// What is booked, and how many places of each: so few that desks meet at them. Two lengths at the same counsellors, a
/// meeting that takes the room, and a group that shares it.
const KINDS: [(&str, usize); 4] = [("entretien", 3), ("court", 3), ("reunion", 2), ("atelier", 2)];
/// Seats of a group: few enough to run out.
const SEATS: u32 = 2;

/// The key of a desk: a matter of its id alone.
#[derive(Debug, Clone)]
pub struct Key(SigningKey);

impl Key {
    fn of(desk: DeskId) -> Self {
        let half = desk.0.into_bytes();
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(&half);
        secret[16..].copy_from_slice(&half);
        Self(SigningKey::from_bytes(&secret))
    }

    /// A signature, hexadecimal.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> String {
        hex(&self.0.sign(message).to_bytes())
    }

    fn public(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    fn secret(&self) -> String {
        hex(&self.0.to_bytes())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A desk as it was enrolled.
#[derive(Debug, Clone)]
pub struct TemplateDesk {
    /// As central knows it.
    pub enrolled: EnrolledDesk,
    /// With what it signs.
    pub key: Key,
    /// The database of its profile.
    pub profile: Arc<Vec<u8>>,
    /// Who works at it.
    pub actor: Actor,
}

/// Something that is booked, and where.
#[derive(Debug, Clone)]
pub struct TemplatePlace {
    /// What.
    pub kind: KindId,
    /// Where and when.
    pub slot: FreeSlot,
}

/// An office as it begins.
#[derive(Debug, Clone)]
pub struct TemplateOffice {
    /// Its settings.
    pub settings: Arc<OfficeSettings>,
    /// What is booked there.
    pub places: Vec<TemplatePlace>,
    /// What families ask.
    pub question: Enquiry,
    /// Its desks.
    pub desks: Vec<TemplateDesk>,
}

/// The databases and what is in them.
#[derive(Debug)]
pub struct Template {
    /// Central's database.
    pub central: Vec<u8>,
    /// The offices.
    pub offices: Vec<TemplateOffice>,
    /// When every run begins.
    pub begins: DateTime<Utc>,
}

impl Template {
    /// Makes it in a folder.
    ///
    /// # Errors
    /// Those of the disk and of the databases.
    pub async fn make(folder: &Path) -> anyhow::Result<Self> {
        let begins: DateTime<Utc> = "2026-11-23T07:00:00Z".parse()?;
        let central = folder.join("central.db");
        let mut dice = Dice::new(0);
        let mut offices = Vec::new();
        {
            let store = open(&Location::from(central.clone()), true).await?;
            let mut tx = store.write().await?;
            tx.create_feed(DIRECTORY).await?;
            tx.commit().await?;
            for demo in passerelle_demo::build_at(begins, Paris).offices.into_iter().take(OFFICES) {
                let question =
                    demo.enquiries.into_iter().next().context("the demonstration asks something")?;
                let (settings, places) = few(demo.settings, begins)?;
                let state = OfficeState::new(Arc::new(settings));
                let mut tx = store.write().await?;
                let feed: Feed = write_office(&mut tx, &state).await?.context("a new office")?;
                feed.save(&mut tx).await?;
                let mut desks = Vec::new();
                for number in 0..DESKS {
                    let id = DeskId(dice.uuid());
                    let key = Key::of(id);
                    let enrolled = EnrolledDesk {
                        id,
                        office: state.settings.office.uai.clone(),
                        name: format!("poste {number}"),
                        public_key: key.public(),
                        revoked: false,
                        reception: false,
                        heard: None,
                        granted: None,
                    };
                    tx.add_desk(&enrolled, begins).await?;
                    let works =
                        |p: &&passerelle_domain::people::Person| p.active && p.role == Role::Receptionist;
                    let person = state.settings.people.values().find(works).context("a receptionist")?;
                    let actor = Actor::Staff { person: person.id, role: person.role, desk: id };
                    desks.push(TemplateDesk { enrolled, key, profile: Arc::default(), actor });
                }
                tx.commit().await?;
                offices.push(TemplateOffice { settings: state.settings, places, question, desks });
            }
            store.close().await;
        }
        let centre = Centre::open(&central, begins).await?;
        for desk in offices.iter_mut().flat_map(|o| &mut o.desks) {
            let profile = folder.join(desk.enrolled.id.to_string());
            synchronise(desk, &profile, &centre, &mut dice, begins).await?;
            desk.profile = Arc::new(std::fs::read(profile_database(&profile))?);
        }
        centre.close().await;
        Ok(Self { central: std::fs::read(central)?, offices, begins })
    }
}

/// The places that are fought for, and no more of the settings than they need: all of them are read for every decision, and
/// travel whenever a feed is read again.
fn few(
    mut settings: OfficeSettings,
    begins: DateTime<Utc>,
) -> anyhow::Result<(OfficeSettings, Vec<TemplatePlace>)> {
    let room = settings.rooms.values().next().context("an office has a room")?;
    let (site, first) = (room.site, begins.date_naive() + TimeDelta::days(2));
    for kind in settings.kinds.values_mut().filter(|kind| kind.capacity > 1) {
        kind.capacity = SEATS;
    }
    let search = |settings: &OfficeSettings, kind: KindId| {
        let wanted = Search {
            limit: Some(40),
            sites: Some(vec![site]),
            ..Search::staff(kind, first, first + TimeDelta::days(7))
        };
        free_slots(settings, [], &wanted, begins, |_| true)
    };
    let mut places = Vec::new();
    for (key, most) in KINDS {
        let kind =
            settings.kinds.values().find(|kind| kind.key == key).context("a kind of the demonstration")?.id;
        let slots = search(&settings, kind);
        anyhow::ensure!(slots.len() >= most, "{key} has free places");
        places.extend(slots.into_iter().take(most).map(|slot| TemplatePlace { kind, slot }));
    }
    let named: Vec<KindId> = places.iter().map(|place| place.kind).collect();
    settings.kinds.retain(|id, _| named.contains(id));
    settings.absences.clear();
    settings.travel.clear();
    let openings: Vec<_> = settings.openings.keys().copied().collect();
    for id in openings {
        let Some(opening) = settings.openings.remove(&id) else { continue };
        let holds = places.iter().all(|place| search(&settings, place.kind).contains(&place.slot));
        if !holds {
            settings.openings.insert(id, opening);
        }
    }
    settings.sites.retain(|id, _| *id == site || settings.openings.values().any(|o| o.site == *id));
    Ok((settings, places))
}

/// Enrols a profile and reads all that central has.
async fn synchronise(
    desk: &TemplateDesk,
    profile: &Path,
    centre: &Centre,
    dice: &mut Dice,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let store = Store::create(profile).await?;
    let mut inc = [0; 4];
    dice.fill_bytes(&mut inc);
    store
        .enrol(&Enrolment {
            desk: desk.enrolled.id,
            office: desk.enrolled.office.clone(),
            central: Some("http://central.invalid".to_owned()),
            key: desk.key.secret(),
            demo: false,
            inc: hex(&inc),
            epoch: centre.epoch().to_owned(),
        })
        .await?;
    let mut engine = passerelle_office::sync::Engine::resume(&store, now, Box::new(dice.fork())).await?;
    let mut ask = engine.begin(&store, 1000).await?;
    loop {
        let answer = centre.answer(&desk.enrolled, &ask).await;
        match engine.take(&store, answer, now).await {
            Some(passerelle_office::sync::Step::Send(next) | passerelle_office::sync::Step::Renew(next)) => {
                ask = next;
            }
            Some(passerelle_office::sync::Step::Done(done)) => {
                done?;
                break;
            }
            None => break,
        }
    }
    store.close().await;
    Ok(())
}

/// The civil start of a place, as commands say it.
pub fn civil(settings: &OfficeSettings, slot: &FreeSlot) -> NaiveDateTime {
    let zone = settings.sites.get(&slot.site).map_or(Paris, |s| s.zone);
    slot.start.with_timezone(&zone).naive_local()
}

/// Copies a database as a power cut leaves it: what was committed is in the file or in its log.
///
/// # Errors
/// Those of the disk.
pub fn copy_database(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::copy(from, to).with_context(|| format!("{} is copied", from.display()))?;
    if log_of(from).exists() {
        std::fs::copy(log_of(from), log_of(to))?;
    }
    Ok(())
}

/// The log of a database.
#[must_use]
pub fn log_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// The same for a desk's profile.
///
/// # Errors
/// Those of the disk.
pub fn copy_profile(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    copy_database(&profile_database(from), &profile_database(to))
}
