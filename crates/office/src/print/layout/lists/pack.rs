//! Which lines of which list stand in which column.

/// How high a list is, points.
pub struct Heights {
    /// Its heading, which comes again wherever it goes on.
    pub head: f32,
    /// Its lines.
    pub rows: Vec<f32>,
}

/// Lines of a list that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Which list.
    pub list: usize,
    /// Its first line.
    pub from: usize,
    /// Excluded.
    pub to: usize,
}

/// What room there is, points.
pub struct Room {
    /// Columns of a page.
    pub columns: usize,
    /// Height of the columns of the first page.
    pub first: f32,
    /// Height of those of the later ones.
    pub later: f32,
    /// White between two lists.
    pub between: f32,
}

/// From one height that is tried to the next.
const STEP: f32 = 3.0;

/// The columns in order, those of all pages in one row. Where all is one page and no list has to be split, columns end
/// as level as they can.
pub fn pack(lists: &[Heights], room: &Room, split: bool) -> Vec<Vec<Chunk>> {
    let whole = fill(lists, room, false);
    if whole.len() <= room.columns {
        let mut height = STEP;
        while height < room.first {
            let level = Room { first: height, later: height, ..*room };
            let tried = fill(lists, &level, false);
            let uncut = tried.iter().flatten().count() == lists.len();
            if uncut && tried.len() <= room.columns && lower(lists, &tried, &level) {
                return tried;
            }
            height += STEP;
        }
        return whole;
    }
    if split { fill(lists, room, true) } else { whole }
}

/// Whether no column is higher than the room: a line higher than a column stands there all the same.
fn lower(lists: &[Heights], columns: &[Vec<Chunk>], room: &Room) -> bool {
    columns.iter().all(|column| {
        let of = |c: &Chunk| {
            lists.get(c.list).map_or(0.0, |l| l.head + l.rows.iter().take(c.to).skip(c.from).sum::<f32>())
        };
        let between = room.between * column.len().saturating_sub(1) as f32;
        column.iter().map(of).sum::<f32>() + between <= room.first
    })
}

fn fill(lists: &[Heights], room: &Room, split: bool) -> Vec<Vec<Chunk>> {
    let height = |column: usize| if column < room.columns { room.first } else { room.later };
    let mut columns: Vec<Vec<Chunk>> = vec![Vec::new()];
    let mut used = 0.0;
    for (n, list) in lists.iter().enumerate() {
        let whole = list.head + list.rows.iter().sum::<f32>();
        let mut from = 0;
        loop {
            let at = columns.len() - 1;
            let above = if used > 0.0 { room.between } else { 0.0 };
            let free = height(at) - used - above - list.head;
            let mut rows = 0.0;
            let fits = list.rows.iter().skip(from).take_while(|r| {
                rows += **r;
                rows <= free
            });
            let mut to = from + fits.count();
            let rest = list.rows.len() - from;
            let may_split = split || whole > height(at + 1);
            // A heading with a single line under it is looked for in vain.
            let enough = to == list.rows.len() || (may_split && to - from >= 2.min(rest));
            if !enough && used > 0.0 {
                columns.push(Vec::new());
                used = 0.0;
                continue;
            }
            if to == from && rest > 0 {
                // Higher than a column: it is never lost.
                to = from + 1;
            }
            if let Some(column) = columns.last_mut() {
                column.push(Chunk { list: n, from, to });
            }
            used += above + list.head + list.rows.iter().take(to).skip(from).sum::<f32>();
            if to >= list.rows.len() {
                break;
            }
            from = to;
            columns.push(Vec::new());
            used = 0.0;
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rows: usize) -> Heights {
        Heights { head: 10.0, rows: vec![10.0; rows] }
    }

    fn room(first: f32) -> Room {
        Room { columns: 2, first, later: 100.0, between: 5.0 }
    }

    /// "0:0-3" for lines 0 to 2 of the first list.
    fn said(columns: &[Vec<Chunk>]) -> Vec<String> {
        let of = |c: &Chunk| format!("{}:{}-{}", c.list, c.from, c.to);
        columns.iter().map(|c| c.iter().map(of).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn columns_of_one_page_end_level() {
        let four = [list(3), list(3), list(3), list(3)];
        assert_eq!(said(&pack(&four, &room(500.0), false)), ["0:0-3 1:0-3", "2:0-3 3:0-3"]);
        assert_eq!(said(&pack(&[list(2)], &room(500.0), true)), ["0:0-2"]);
        assert!(said(&pack(&[], &room(500.0), true)).concat().is_empty());
    }

    #[test]
    fn a_list_is_split_only_where_that_is_allowed_or_needed() {
        let three = [list(6), list(6), list(6)];
        assert_eq!(said(&pack(&three, &room(120.0), false)), ["0:0-6", "1:0-6", "2:0-6"], "a second page");
        assert_eq!(said(&pack(&three, &room(120.0), true)), ["0:0-6 1:0-3", "1:3-6 2:0-6"]);
        assert_eq!(
            said(&pack(&[list(3), list(20)], &room(100.0), false)),
            ["0:0-3 1:0-4", "1:4-13", "1:13-20"]
        );
        let tall = [Heights { head: 10.0, rows: vec![400.0, 10.0] }];
        assert_eq!(said(&pack(&tall, &room(100.0), true)), ["0:0-1", "0:1-2"], "nothing is lost");
    }
}
