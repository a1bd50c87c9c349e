//! Communes, postal codes, départements and distances: enough geography to find the office nearest to a home.
//!
//! The communes are embedded in the program (see `geography/` beside this crate for how they are built and for
//! their licences) and parsed once, on first use. Positions are WGS84 degrees, distances kilometres. A position
//! says how good it is ([`Precision`]): 87 % of the population lives in a commune placed to a few hundred metres,
//! the others are placed at the middle of their postal area, a few kilometres off.

mod communes;
mod departments;
mod postal_code;
mod precision;

pub use communes::{Commune, Geography, Location};
pub use departments::{Academy, Department, SchoolZone, academies, department, departments};
pub use passerelle_domain::office::Position;
pub use passerelle_domain::routing::distance_km;
pub use postal_code::{PostalCode, PostalCodeError};
pub use precision::Precision;
