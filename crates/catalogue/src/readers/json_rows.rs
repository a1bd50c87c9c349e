//! Rows of a JSON file: an array of objects, or an answer of a search with its `results`, read one object after another.

use std::fmt;
use std::io::{BufReader, Read};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::bounds::{Bounded, Gauge, skip_bom};
use super::cells::{Cells, Columns, slug};
use super::fault::{Fault, FaultKind};
use super::item::{Row, Told};
use super::tables::Table;

/// Names that the programming interface of the Annuaire has for columns of its files.
const ALIASES: &[(&str, &str)] = &[
    ("coordx_origine", "coordonnee_x"),
    ("coordy_origine", "coordonnee_y"),
    ("multi_uai", "etablissement_multi_lignes"),
];

/// Reads every object of `source` as a row of `table` and gives it to `each` with its rank, from 1.
pub fn read<R: Read>(
    source: Bounded<R>,
    file: &str,
    table: Table,
    each: &mut dyn FnMut(u64, Row) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut told = Told::default();
    let mut rows = Rows {
        gauge: source.gauge(),
        columns: Columns::default(),
        values: Vec::new(),
        rank: 0,
        fault: None,
        each: &mut |cells, rank| {
            let row = match cells {
                Some(cells) => table.read(&cells, &mut told),
                None => Err("ce n’est pas un objet JSON".to_owned()),
            };
            each(rank, row)
        },
    };
    let result = parse(source, file, &mut rows);
    let (rank, fault) = (rows.rank, rows.fault.take());
    match (fault, result) {
        (Some(fault), _) => Err(fault),
        (None, Err(fault)) => Err(if fault.line.is_none() && rank > 0 { fault.at(rank + 1) } else { fault }),
        (None, Ok(())) => Ok(()),
    }
}

/// The slugs of the first object, to know what the file is. What follows it may be cut.
#[must_use]
pub fn first_columns(head: &[u8]) -> Option<Columns> {
    let mut found = None;
    let stop = std::sync::Arc::default();
    let source = Bounded::new(head, None, stop);
    let mut rows = Rows {
        gauge: source.gauge(),
        columns: Columns::default(),
        values: Vec::new(),
        rank: 0,
        fault: None,
        each: &mut |cells, _| {
            found = cells.map(|c| c.columns().clone());
            Err(Fault::new(FaultKind::Stopped, "", ""))
        },
    };
    let _ = parse(source, "", &mut rows);
    found
}

fn parse<R: Read>(source: Bounded<R>, file: &str, rows: &mut Rows<'_>) -> Result<(), Fault> {
    let mut reader = BufReader::with_capacity(64 << 10, source);
    skip_bom(&mut reader).map_err(|e| Fault::of(&e, file, FaultKind::Unreadable))?;
    let mut json = serde_json::Deserializer::from_reader(reader);
    let end = rows.deserialize(&mut json).and_then(|()| json.end());
    end.map_err(|error| {
        let kind = match error.classify() {
            serde_json::error::Category::Eof => FaultKind::Cut,
            serde_json::error::Category::Io => FaultKind::Unreadable,
            _ => FaultKind::Malformed,
        };
        // An error of serde_json hides what it comes from, but for the input's.
        if error.is_io() {
            Fault::of(&std::io::Error::from(error), file, kind)
        } else {
            Fault::of(&error, file, kind)
        }
    })
}

type Each<'a> = dyn FnMut(Option<Cells<'_>>, u64) -> Result<(), Fault> + 'a;

struct Rows<'a> {
    gauge: Gauge,
    columns: Columns,
    values: Vec<String>,
    rank: u64,
    fault: Option<Fault>,
    each: &'a mut Each<'a>,
}

impl<'de> DeserializeSeed<'de> for &mut Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("un tableau d’objets")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        loop {
            self.gauge.next_record();
            let row = RowSeed { columns: &mut self.columns, values: &mut self.values };
            let Some(is_object) = seq.next_element_seed(row)? else { return Ok(()) };
            self.rank += 1;
            let cells = is_object.then(|| Cells::of_json(&self.columns, &self.values));
            if let Err(fault) = (self.each)(cells, self.rank) {
                self.fault = Some(fault);
                return Err(A::Error::custom("stopped"));
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "results" {
                map.next_value_seed(&mut *self)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// One element: fills the values of an object; says of anything else that it is none.
struct RowSeed<'a> {
    columns: &'a mut Columns,
    values: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("un objet")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        self.values.iter_mut().for_each(String::clear);
        while let Some(key) = map.next_key::<String>()? {
            // Keys are slugs already; only those of other tools need the rule.
            let at = match self.columns.get(&key) {
                Some(at) => at,
                None => {
                    let slug = slug(&key);
                    let known = ALIASES.iter().find(|(alias, _)| *alias == slug);
                    self.columns.add(known.map_or(slug, |(_, column)| (*column).to_owned()))
                }
            };
            let text = map.next_value_seed(Value)?;
            if self.values.len() <= at {
                self.values.resize(at + 1, String::new());
            }
            self.values[at] = text;
        }
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }
}

/// A value as a cell would hold it: numbers as they are written, lists with `|`, a position as "lat, lon".
struct Value;

impl<'de> DeserializeSeed<'de> for Value {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("une valeur")
    }

    fn visit_str<E>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
    fn visit_string<E>(self, text: String) -> Result<String, E> {
        Ok(text)
    }
    fn visit_unit<E>(self) -> Result<String, E> {
        Ok(String::new())
    }
    fn visit_bool<E>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }
    fn visit_i64<E>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }
    fn visit_u64<E>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }
    fn visit_f64<E>(self, value: f64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<String, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Value)? {
            items.push(item);
        }
        Ok(items.join(" | "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        let (mut lat, mut lon) = (String::new(), String::new());
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(Value)?;
            match key.as_str() {
                "lat" | "latitude" => lat = value,
                "lon" | "longitude" => lon = value,
                _ => {}
            }
        }
        Ok(if lat.is_empty() { String::new() } else { format!("{lat}, {lon}") })
    }
}
