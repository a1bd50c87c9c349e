//! A point on the globe, how well it is known, and how far it is from another.

/// A WGS84 position in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Latitude, north positive.
    pub lat: f64,
    /// Longitude, east positive.
    pub lon: f64,
}

/// Mean radius of the Earth (IUGG), in kilometres.
const EARTH_RADIUS_KM: f64 = 6371.0088;

impl Position {
    /// Great-circle distance in kilometres (haversine).
    pub fn distance_km(self, other: Position) -> f64 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let half_dlat = (lat2 - lat1) / 2.0;
        let half_dlon = (other.lon - self.lon).to_radians() / 2.0;
        let h = half_dlat.sin().powi(2) + lat1.cos() * lat2.cos() * half_dlon.sin().powi(2);
        // Rounding can push `h` a hair above 1 for antipodes, where asin would give NaN.
        2.0 * EARTH_RADIUS_KM * h.sqrt().min(1.0).asin()
    }
}

/// How a position was found, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// The place itself (median error 0.4 km).
    Exact,
    /// Set by hand: the arrondissements of Paris.
    Hand,
    /// Mean of the located communes that share a postal code (median error 5 km).
    Postal,
    /// Mean of its intercommunality (median error 11 km).
    Epci,
    /// Mean of its arrondissement.
    Arrondissement,
    /// Mean of its département.
    Department,
}

impl Precision {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "exact" => Self::Exact,
            "hand" => Self::Hand,
            "postal" => Self::Postal,
            "epci" => Self::Epci,
            "arrondissement" => Self::Arrondissement,
            "departement" => Self::Department,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_distances() {
        let amiens = Position { lat: 49.9, lon: 2.3 };
        let abbeville = Position { lat: 50.1, lon: 1.8333 };
        let paris = Position { lat: 48.8534, lon: 2.3488 };
        let saint_denis_reunion = Position { lat: -20.8823, lon: 55.4504 };
        assert!((amiens.distance_km(abbeville) - 40.1).abs() < 0.5, "{}", amiens.distance_km(abbeville));
        assert!((amiens.distance_km(paris) - 116.4).abs() < 0.5, "{}", amiens.distance_km(paris));
        let far = paris.distance_km(saint_denis_reunion);
        assert!((far - 9370.0).abs() < 40.0, "{far}");
    }

    #[test]
    fn distance_is_symmetric_zero_on_itself_and_finite_at_the_antipodes() {
        let here = Position { lat: 45.0, lon: 2.0 };
        let there = Position { lat: -45.0, lon: -178.0 };
        assert_eq!(here.distance_km(here), 0.0);
        assert_eq!(here.distance_km(there), there.distance_km(here));
        assert!((here.distance_km(there) - std::f64::consts::PI * EARTH_RADIUS_KM).abs() < 1.0);
    }
}
