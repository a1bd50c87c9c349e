//! Which office receives an enquiry: a catchment rule wins, then the shortest way from the home.

use serde::{Deserialize, Serialize};

use crate::enquiry::{Routing, RoutingReason};
use crate::ids::Uai;
use crate::office::Position;

/// Secteur du CIO: homes with this postal code belong to this office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catchment {
    /// Postal code of the home.
    pub postal_code: String,
    /// The office.
    pub office: Uai,
}

/// What routing needs to know of an office.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfficePoint {
    /// Key.
    pub uai: Uai,
    /// Name, as shown.
    pub name: String,
    /// Where it is, when known.
    pub position: Option<Position>,
}

/// An office in the order in which it comes into question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// The office.
    pub uai: Uai,
    /// Name, as shown.
    pub name: String,
    /// Kilometres, when both places are known.
    pub distance_km: Option<f64>,
    /// The catchment says this one.
    pub assigned: bool,
}

/// Mean radius of the earth, km (IUGG 1980).
const EARTH_KM: f64 = 6371.0088;

/// Great-circle distance (haversine), km.
#[must_use]
pub fn distance_km(a: Position, b: Position) -> f64 {
    let (lat_a, lat_b) = (a.lat.to_radians(), b.lat.to_radians());
    let d_lat = lat_b - lat_a;
    let d_lon = (b.lon - a.lon).to_radians();
    let h = (d_lat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (d_lon / 2.0).sin().powi(2);
    2.0 * EARTH_KM * h.sqrt().clamp(0.0, 1.0).asin()
}

/// All offices in order: the catchment's first, then by distance, ties by UAI, those without a place last.
#[must_use]
pub fn rank(
    postal_code: &str,
    home: Option<Position>,
    offices: &[OfficePoint],
    catchments: &[Catchment],
) -> Vec<Ranked> {
    let assigned = catchments.iter().find(|c| c.postal_code == postal_code).map(|c| &c.office);
    let mut ranked: Vec<Ranked> = offices
        .iter()
        .map(|o| Ranked {
            uai: o.uai.clone(),
            name: o.name.clone(),
            distance_km: home.zip(o.position).map(|(h, p)| distance_km(h, p)),
            assigned: assigned == Some(&o.uai),
        })
        .collect();
    ranked.sort_by(|a, b| {
        let far = |r: &Ranked| r.distance_km.unwrap_or(f64::INFINITY);
        b.assigned.cmp(&a.assigned).then(far(a).total_cmp(&far(b))).then_with(|| a.uai.cmp(&b.uai))
    });
    ranked
}

/// The office that receives an enquiry from this home; `fallback` takes those whose home cannot be placed and that no
/// catchment knows. `None` when there is no office at all.
#[must_use]
pub fn route(
    postal_code: &str,
    home: Option<Position>,
    offices: &[OfficePoint],
    catchments: &[Catchment],
    fallback: Option<&Uai>,
) -> Option<Routing> {
    let ranked = rank(postal_code, home, offices, catchments);
    let first = ranked.first()?;
    let routing = |r: &Ranked, reason| Routing { office: r.uai.clone(), distance_km: r.distance_km, reason };
    if first.assigned {
        return Some(routing(first, RoutingReason::Catchment));
    }
    if first.distance_km.is_some() {
        return Some(routing(first, RoutingReason::Nearest));
    }
    let chosen = ranked.iter().find(|r| Some(&r.uai) == fallback).unwrap_or(first);
    Some(routing(chosen, RoutingReason::Fallback))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(number: u32, lat: f64, lon: f64) -> OfficePoint {
        let position = Some(Position { lat, lon });
        OfficePoint { uai: Uai::from_number(number), name: format!("CIO {number}"), position }
    }

    #[test]
    fn amiens_to_abbeville_is_forty_kilometres() {
        let d = distance_km(Position { lat: 49.8941, lon: 2.2958 }, Position { lat: 50.1055, lon: 1.8368 });
        assert!((39.0..42.0).contains(&d), "expected about 40 km, got {d}");
    }

    #[test]
    fn a_catchment_wins_over_distance_and_a_place_over_none() {
        let home = Some(Position { lat: 49.9, lon: 2.3 });
        let near = office(800_001, 49.9, 2.3);
        let far = office(800_002, 50.1, 1.8);
        let nowhere = OfficePoint { position: None, ..office(700_000, 0.0, 0.0) };
        let offices = [nowhere.clone(), far.clone(), near.clone()];
        let order: Vec<_> = rank("80000", home, &offices, &[]).into_iter().map(|r| r.uai).collect();
        assert_eq!(
            order,
            [near.uai.clone(), far.uai.clone(), nowhere.uai.clone()],
            "nearest first, unplaced last"
        );
        let rule = [Catchment { postal_code: "80000".into(), office: far.uai.clone() }];
        let routed = route("80000", home, &offices, &rule, None).expect("an office");
        assert_eq!((routed.office, routed.reason), (far.uai, RoutingReason::Catchment));
        let unplaced = route("99999", None, &offices, &rule, Some(&near.uai)).expect("an office");
        assert_eq!((unplaced.office, unplaced.reason), (near.uai, RoutingReason::Fallback));
    }

    #[test]
    fn equal_distances_are_ordered_by_uai() {
        let offices = [office(800_009, 49.9, 2.3), office(800_003, 49.9, 2.3)];
        let order = rank("80000", Some(Position { lat: 49.9, lon: 2.3 }), &offices, &[]);
        assert!(order[0].uai < order[1].uai, "ties must be stable");
        assert_eq!(route("80000", None, &[], &[], None), None, "no office, no routing");
    }
}
