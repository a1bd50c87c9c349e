//! Foreign files: each is read or refused with a reason, none stops the run or takes long.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use passerelle_calendar::reader::{MAX_OCTETS, Reason};
use passerelle_calendar::{ReadError, When, read, write_agenda};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn the_foreign_corpus_is_survived() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/ics");
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    if paths.is_empty() {
        println!("skipped: no foreign calendars at hand");
        return;
    }
    paths.sort();
    let (mut events, mut refused, mut unread) = (0, 0, 0);
    for path in &paths {
        let octets = std::fs::read(path).unwrap();
        let begun = Instant::now();
        let result = read(&octets);
        // Far more than it takes (a megabyte is some 30 ms when optimised), for builds that are not on a busy machine.
        assert!(begun.elapsed() < Duration::from_secs(4), "{} took {:?}", path.display(), begun.elapsed());
        match result {
            Ok(found) => {
                events += found.events.len();
                refused += found.refused.len();
                let again: Vec<_> = found.events.into_iter().map(|e| e.event).collect();
                // What was read can be written, and what was written is read.
                let written = write_agenda("Agenda", &again, chrono::DateTime::UNIX_EPOCH);
                let back = read(written.as_bytes()).unwrap();
                assert!(back.refused.is_empty(), "{}: {:?}", path.display(), back.refused);
                for read_event in &back.events {
                    assert_eq!(read_event.event.as_written(), read_event.event, "{}", path.display());
                }
            }
            Err(_) => unread += 1,
        }
    }
    println!("{} files: {events} events read, {refused} refused, {unread} files refused", paths.len());
    assert!(events > 0 && unread * 4 < paths.len(), "most files are calendars");
}

#[test]
fn what_is_no_calendar_is_said_so() {
    assert_eq!(read(b""), Err(ReadError::Empty));
    assert_eq!(read(b"\xef\xbb\xbf \r\n\r\n"), Err(ReadError::Empty));
    assert_eq!(read(b"<!DOCTYPE html>\n<html><body>Connexion</body></html>"), Err(ReadError::WebPage));
    assert_eq!(read(b"\n  <HTML>\n</HTML>"), Err(ReadError::WebPage));
    assert_eq!(read(b"BEGIN:VCARD\nVERSION:3.0\nFN:X\nEND:VCARD"), Err(ReadError::NotACalendar));
    assert_eq!(read(b"date;heure;nom\n23/11;9h;X"), Err(ReadError::NotACalendar));
    assert_eq!(read(b"BEGIN:VCALENDAR\nVERSION:1.0\nEND:VCALENDAR"), Err(ReadError::VCalendar1));
    let large = vec![b'x'; MAX_OCTETS + 1];
    assert_eq!(read(&large), Err(ReadError::TooLarge { octets: MAX_OCTETS + 1 }));
    let many = b"BEGIN:VCALENDAR\n"
        .iter()
        .chain(b"X:1\n".iter().cycle().take(5_000_000))
        .copied()
        .collect::<Vec<u8>>();
    assert_eq!(read(&many), Err(ReadError::TooManyLines));
    assert!(read(&large).unwrap_err().to_string().contains("20 Mo"));
}

#[test]
fn one_bad_event_does_not_lose_the_others() {
    let file = "BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:Perso\\, maison\n\
                BEGIN:VEVENT\nUID:1\nDTSTART:2026-11-23\nSUMMARY:Mal datée\nEND:VEVENT\n\
                BEGIN:VEVENT\nUID:2\nDTSTART:20261123T080000Z\nDURATION:PT30M\nSUMMARY:Bonne\nEND:VEVENT\n\
                BEGIN:VEVENT\nUID:3\nDTSTART:20261123T080000\nDTEND:20261123T090000\nEND:VEVENT\n\
                BEGIN:VEVENT\nUID:4\nDTSTART:20261123T080000Z\nDTEND:20261123T070000Z\nEND:VEVENT\n\
                BEGIN:VEVENT\nUID:5\nDTSTART:20261123T080000Z\nDTEND:20261123T090000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n\
                BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261123\nEND:VEVENT\n\
                BEGIN:VTODO\nUID:6\nEND:VTODO\nEND:VCALENDAR\n";
    let found = read(file.as_bytes()).unwrap();
    assert_eq!(found.name.as_deref(), Some("Perso, maison"));
    let summaries: Vec<_> = found.events.iter().map(|e| (e.line, e.event.summary.as_str())).collect();
    assert_eq!(summaries, [(9, "Bonne"), (31, "")]);
    let refused: Vec<_> = found.refused.iter().map(|r| (r.line, r.reason.clone())).collect();
    assert_eq!(
        refused,
        [
            (4, Reason::BadTime),
            (15, Reason::Floating),
            (20, Reason::EndsBeforeStart),
            (25, Reason::Recurring),
        ]
    );
    assert_eq!(found.refused[0].summary.as_deref(), Some("Mal datée"));
    assert_eq!(found.ignored_components, 1);
}

#[test]
fn an_event_without_identity_gets_the_same_one_each_time() {
    let one = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTAMP:20260101T000000Z\nDTSTART;VALUE=DATE:20261123\nSUMMARY:A\nEND:VEVENT\nEND:VCALENDAR";
    let two = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:A\r\nDTSTART;VALUE=DATE:20261123\r\nDTSTAMP:20270101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR";
    let other =
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261123\nSUMMARY:B\nEND:VEVENT\nEND:VCALENDAR";
    let uid = |file: &[u8]| read(file).unwrap().events[0].event.uid.clone();
    assert_eq!(uid(one), uid(two));
    assert_ne!(uid(one), uid(other));
    assert_eq!(uid(one).own_id(), None);
}

#[test]
fn texts_of_others_are_read_whole() {
    // Lower case, a fold after a space, a fold inside a character, a trailing blank, an odd escape.
    let file = b"begin:vcalendar\nversion:2.0\nbegin:vevent\nuid:1\n\
                 dtstart;tzid=\"Europe/Paris\":20261123T090000\ndtend;tzid=Europe/Paris:20261123T100000\n\
                 summary;language=fr:carnet \n de correspondance \xc3\n \xa0 jour\ndescription:C:\\\\new\\Nligne\\, fin\\x \n\
                 end:vevent\nend:vcalendar";
    let found = read(file).unwrap();
    let event = &found.events[0].event;
    assert_eq!(event.summary, "carnet de correspondance à jour");
    assert_eq!(event.description, "C:\\new\nligne, fin\\x ");
    let When::Timed { start, zone, .. } = event.when else { panic!("timed") };
    assert_eq!((start.to_rfc3339().as_str(), zone), ("2026-11-23T08:00:00+00:00", Tz::Europe__Paris));
}

#[test]
fn hostile_files_take_little_time() {
    let begun = Instant::now();
    let nested = "BEGIN:VCALENDAR\n".to_owned() + &"BEGIN:VEVENT\nBEGIN:VALARM\n".repeat(50_000);
    let _ = read(nested.as_bytes());
    let _ = read(("BEGIN:VCALENDAR\n".to_owned() + &"BEGIN:X\n".repeat(250_000)).as_bytes());
    let _ = read(("BEGIN:VCALENDAR\nX".to_owned() + &";A=\"b\",c".repeat(250_000) + ":v").as_bytes());
    let _ = read(("BEGIN:VCALENDAR\nX:".to_owned() + &"\\".repeat(1_000_000)).as_bytes());
    let _ = read(("BEGIN:VCALENDAR\nX:".to_owned() + &"\n a".repeat(500_000)).as_bytes());
    let _ = read(("BEGIN:VCALENDAR\nX;A=".to_owned() + &"\"".repeat(1_000_001)).as_bytes());
    let _ = read(("BEGIN:VCALENDAR\n".to_owned() + &"X;A=\"b".repeat(250_000)).as_bytes());
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
