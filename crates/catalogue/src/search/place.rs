//! Where documents are, and what is near a point.

use passerelle_domain::office::Position;

/// Mean radius of the earth, km.
const RADIUS: f64 = 6_371.008_8;
/// Cells of the grid for each degree.
const CELLS: f64 = 10.0;
/// Cells around the earth.
const AROUND: u32 = 3_600;
/// After so many rings of cells without enough hits, looking at every place is quicker.
const RINGS: u32 = 24;

/// A point on the unit sphere. Two such points compare by the square of the straight line between them, which orders
/// as the distance on the ground does, costs no trigonometry and is good to a metre in 32 bits.
pub(crate) type Point = [f32; 3];

pub(crate) fn point(position: Position) -> Point {
    let (lat, lon) = (position.lat.to_radians(), position.lon.to_radians());
    [(lat.cos() * lon.cos()) as f32, (lat.cos() * lon.sin()) as f32, lat.sin() as f32]
}

/// The square of the straight line between two points of the unit sphere.
pub(crate) fn chord(a: &Point, b: &Point) -> f32 {
    let [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    x * x + y * y + z * z
}

/// The kilometres on the ground of such a square.
pub(crate) fn kilometres(chord: f32) -> f64 {
    2.0 * RADIUS * (f64::from(chord).sqrt() / 2.0).min(1.0).asin()
}

/// The square of the straight line of so many degrees on a great circle.
fn chord_of_degrees(degrees: f64) -> f32 {
    let half = (degrees.to_radians() / 2.0).sin();
    (4.0 * half * half) as f32
}

/// The square of the straight line of so many kilometres on the ground. Of less than none, a square that nothing has;
/// of more than half the way around, that of everything.
pub(crate) fn chord_of_kilometres(km: f64) -> f32 {
    if km >= 0.0 { chord_of_degrees((km / RADIUS).to_degrees().min(180.0)) } else { -1.0 }
}

/// Whether a position can be used: numbers, on the globe.
pub(crate) fn usable(position: Position) -> bool {
    position.lat.abs() <= 90.0 && position.lon.abs() <= 180.0
}

/// The places of all documents: none, one, or those where a programme is given.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Places {
    pub(crate) points: Vec<Point>,
    /// Where the places of each document begin in `of`; one more for the end.
    pub(crate) starts: Vec<u32>,
    pub(crate) of: Vec<u32>,
}

impl Places {
    pub(crate) fn from_parts(points: Vec<Point>, starts: Vec<u32>, of: Vec<u32>) -> Option<Self> {
        let fits = starts.first() == Some(&0)
            && starts.is_sorted()
            && starts.last().is_some_and(|end| *end as usize == of.len())
            && of.iter().all(|place| (*place as usize) < points.len())
            && points.iter().flatten().all(|coordinate| coordinate.abs() <= 1.000_1);
        fits.then_some(Self { points, starts, of })
    }

    /// The places of a document.
    pub(crate) fn of_document(&self, document: u32) -> &[u32] {
        let document = document as usize;
        &self.of[self.starts[document] as usize..self.starts[document + 1] as usize]
    }

    /// Where a document is that has one place; none if it has none or several.
    pub(crate) fn lone(&self, document: u32) -> Option<Position> {
        match self.of_document(document) {
            [first, others @ ..] if others.iter().all(|other| other == first) => {
                Some(position(&self.points[*first as usize]))
            }
            _ => None,
        }
    }

    /// How far the nearest place of a document is; none if it has no place.
    pub(crate) fn nearest(&self, document: u32, from: &Point) -> Option<f32> {
        let places = self.of_document(document).iter();
        places.map(|place| chord(&self.points[*place as usize], from)).min_by(f32::total_cmp)
    }
}

/// Numbered places by cells of a tenth of a degree (11 km from south to north).
#[derive(Debug, Default, Clone)]
pub(crate) struct Grid {
    /// The cells that have any, in order: row from the south pole, then column from the west.
    cells: Vec<u32>,
    /// Where each cell's places begin; one more for the end.
    starts: Vec<u32>,
    placed: Vec<(u32, Point)>,
}

/// Row and column of a position.
fn cell(position: Position) -> (u32, u32) {
    let row = ((position.lat + 90.0) * CELLS) as u32;
    let column = (((position.lon + 180.0) * CELLS) as u32).min(AROUND - 1);
    (row, column)
}

pub(crate) fn position(point: &Point) -> Position {
    let [x, y, z] = point.map(f64::from);
    Position { lat: z.clamp(-1.0, 1.0).asin().to_degrees(), lon: y.atan2(x).to_degrees() }
}

/// Keeps the nearest so many of what it is offered; equal distances in the order of the documents.
pub(crate) struct Nearest {
    kept: Vec<(f32, u32)>,
    limit: usize,
}

impl Nearest {
    pub(crate) fn new(limit: usize) -> Self {
        Self { kept: Vec::with_capacity(limit.min(1_024) + 1), limit }
    }

    /// Beyond this, nothing is kept any more.
    pub(crate) fn bound(&self) -> f32 {
        match self.kept.last() {
            Some((chord, _)) if self.kept.len() == self.limit => *chord,
            _ if self.limit == 0 => f32::NEG_INFINITY,
            _ => f32::INFINITY,
        }
    }

    /// Offers a document that is offered at each of its places.
    pub(crate) fn offer_again(&mut self, chord: f32, document: u32) {
        if chord > self.bound() {
            return;
        }
        match self.kept.iter().position(|(_, kept)| *kept == document) {
            Some(at) if self.kept[at].0 <= chord => return,
            Some(at) => drop(self.kept.remove(at)),
            None => {}
        }
        self.offer(chord, document);
    }

    pub(crate) fn offer(&mut self, chord: f32, document: u32) {
        if chord > self.bound() || self.limit == 0 {
            return;
        }
        let at =
            self.kept.partition_point(|kept| kept.0.total_cmp(&chord).then(kept.1.cmp(&document)).is_lt());
        if at < self.limit {
            self.kept.truncate(self.limit - 1);
            self.kept.insert(at, (chord, document));
        }
    }

    pub(crate) fn into_sorted(self) -> Vec<(f32, u32)> {
        self.kept
    }
}

impl Grid {
    /// Of places by number.
    pub(crate) fn of(places: impl Iterator<Item = (u32, Point)>) -> Self {
        let mut placed: Vec<(u32, u32, Point)> = places
            .map(|(number, point)| {
                let (row, column) = cell(position(&point));
                (row * AROUND + column, number, point)
            })
            .collect();
        placed.sort_unstable_by_key(|(cell, number, _)| (*cell, *number));
        let mut grid = Self::default();
        for (cell, number, point) in placed {
            if grid.cells.last() != Some(&cell) {
                grid.cells.push(cell);
                grid.starts.push(grid.placed.len() as u32);
            }
            grid.placed.push((number, point));
        }
        grid.starts.push(grid.placed.len() as u32);
        grid
    }

    /// The nearest so many of what is at the places, nearest first. The places around a point are handed over with
    /// their distance, roughly the nearest first, to offer what is there, until nothing farther can be among them.
    pub(crate) fn nearest(
        &self,
        from: Position,
        limit: usize,
        mut offer: impl FnMut(&mut Nearest, u32, f32),
    ) -> Vec<(f32, u32)> {
        let here = point(from);
        let mut hand = |nearest: &mut Nearest, places: &[(u32, Point)]| {
            for (number, point) in places {
                let chord = chord(point, &here);
                if chord <= nearest.bound() {
                    offer(nearest, *number, chord);
                }
            }
        };
        let mut nearest = Nearest::new(limit);
        let (row, column) = cell(from);
        // Far north or across the date line, cells are no neighbourhoods.
        let plain = from.lat.abs() < 75.0 && from.lon.abs() < 170.0;
        let rings = if plain { RINGS } else { 0 };
        for ring in 0..rings {
            // Whatever is not in the rings before this one is at least so far away.
            let outside = f64::from(ring.saturating_sub(1)) / CELLS;
            let narrow = (from.lat.abs() + f64::from(ring + 1) / CELLS).to_radians().cos();
            if nearest.bound() < chord_of_degrees(outside * narrow) {
                return nearest.into_sorted();
            }
            let (west, east) = (column.saturating_sub(ring), column + ring);
            for row_of_ring in row.saturating_sub(ring)..=row + ring {
                let whole = row_of_ring == row + ring || row_of_ring + ring == row;
                let stretches =
                    if whole { [Some((west, east)), None] } else { [Some((west, west)), Some((east, east))] };
                for (west, east) in stretches.into_iter().flatten() {
                    let cells = self.run(row_of_ring, west, east);
                    hand(
                        &mut nearest,
                        &self.placed[self.starts[cells.start] as usize..self.starts[cells.end] as usize],
                    );
                }
            }
        }
        // Too few are near: look at all.
        let mut nearest = Nearest::new(limit);
        hand(&mut nearest, &self.placed);
        nearest.into_sorted()
    }

    /// The places within so many kilometres, in no order.
    pub(crate) fn within(&self, from: Position, km: f64, mut hand: impl FnMut(u32)) {
        let (here, most) = (point(from), chord_of_kilometres(km));
        let (row, _) = cell(from);
        // Rows that the circle may touch; of each, all around: a stretch of longitudes would have to turn the earth's
        // corners.
        let rows = (km / RADIUS).to_degrees() * CELLS;
        let rows = if rows.is_finite() && rows >= 0.0 { rows.min(1_800.0) as u32 + 1 } else { return };
        let first = self.cells.partition_point(|cell| *cell < row.saturating_sub(rows) * AROUND);
        let last = self.cells.partition_point(|cell| *cell < (row + rows + 1) * AROUND);
        for (number, point) in &self.placed[self.starts[first] as usize..self.starts[last] as usize] {
            if chord(point, &here) <= most {
                hand(*number);
            }
        }
    }

    /// The cells with places of a stretch of a row.
    fn run(&self, row: u32, west: u32, east: u32) -> std::ops::Range<usize> {
        let first = row * AROUND;
        let from = self.cells.partition_point(|cell| *cell < first + west);
        let length = self.cells[from..].iter().take_while(|cell| **cell <= first + east).count();
        from..from + length
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn distances_are_those_of_the_ground() {
        let amiens = Position { lat: 49.8942, lon: 2.2957 };
        let lille = Position { lat: 50.6292, lon: 3.0573 };
        let km = kilometres(chord(&point(amiens), &point(lille)));
        assert!((km - 97.9).abs() < 1.0, "{km}");
        let near = Position { lat: 49.8943, lon: 2.2957 };
        let metres = 1_000.0 * kilometres(chord(&point(amiens), &point(near)));
        assert!((metres - 11.1).abs() < 1.5, "{metres}");
    }

    proptest! {
        #[test]
        fn the_grid_finds_what_looking_at_all_finds(
            places in prop::collection::vec((-60.0f64..60.0, -179.9f64..179.9), 0..60),
            near in prop::collection::vec((48.0f64..50.0, 1.0f64..4.0), 0..80),
            from in (47.5f64..50.5, 0.5f64..4.5),
            limit in 0usize..25,
            modulo in 1u32..4,
        ) {
            let points: Vec<(u32, Point)> = places
                .iter()
                .chain(&near)
                .enumerate()
                .map(|(n, (lat, lon))| (n as u32, point(Position { lat: *lat, lon: *lon })))
                .collect();
            let from = Position { lat: from.0, lon: from.1 };
            let grid = Grid::of(points.iter().copied());
            let found = grid.nearest(from, limit, |nearest, document, chord| {
                if document % modulo == 0 {
                    nearest.offer(chord, document);
                }
            });
            let here = point(from);
            let mut expected: Vec<(f32, u32)> = points
                .iter()
                .filter(|(document, _)| document % modulo == 0)
                .map(|(document, point)| (chord(point, &here), *document))
                .collect();
            expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            expected.truncate(limit);
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn the_grid_finds_what_is_within_a_circle(
            places in prop::collection::vec((-90.0f64..=90.0, -180.0f64..=180.0), 0..80),
            near in prop::collection::vec((48.0f64..50.0, 1.0f64..4.0), 0..80),
            from in prop_oneof![(47.5f64..50.5, 0.5f64..4.5), (-90.0f64..=90.0, -180.0f64..=180.0)],
            km in prop_oneof![0.0f64..300.0, 0.0f64..25_000.0],
        ) {
            let positions = places.iter().chain(&near).map(|(lat, lon)| Position { lat: *lat, lon: *lon });
            let points: Vec<(u32, Point)> = (0..).zip(positions.map(point)).collect();
            let from = Position { lat: from.0, lon: from.1 };
            let mut found = Vec::new();
            Grid::of(points.iter().copied()).within(from, km, |number| found.push(number));
            found.sort_unstable();
            let inside = |at: &Point| chord(at, &point(from)) <= chord_of_kilometres(km);
            let expected: Vec<u32> =
                points.iter().filter(|(_, point)| inside(point)).map(|(number, _)| *number).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
