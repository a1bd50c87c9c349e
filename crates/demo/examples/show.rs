//! Prints the day that the demonstration shows, and an enquiry of each channel: for reading over what was written.

use chrono::NaiveDate;
use chrono_tz::Europe::Paris;

fn main() {
    let anchor = std::env::args().nth(1).and_then(|day| day.parse().ok());
    let anchor = anchor.or(NaiveDate::from_ymd_opt(2026, 11, 23)).unwrap_or_default();
    let demo = passerelle_demo::build(anchor, Paris);
    for office in &demo.offices {
        println!("{} {} appointments", office.settings.office.name, office.appointments.len());
    }
    let Some(amiens) = demo.offices.first() else { return };
    for a in &amiens.appointments {
        let start = a.start.with_timezone(&a.zone);
        if (start.date_naive() - anchor).num_days().abs() < 3 {
            let client = amiens.clients.iter().find(|c| Some(c.id) == a.client);
            let name = client.map_or_else(String::new, passerelle_domain::client::Client::full_name);
            let who =
                amiens.settings.people.get(&a.counsellor).map(passerelle_domain::people::Person::short_name);
            println!(
                "{} {:>12} {:9} {name}",
                start.format("%a %d %H:%M"),
                who.unwrap_or_default(),
                a.status.key()
            );
        }
    }
    for e in amiens.enquiries.iter().rev() {
        println!("\n== {} · {} · {:?} · {}", e.received_at, e.subject, e.status, e.requester.name);
        for message in &e.thread {
            println!("{} {:?}\n   {}", message.at.format("%d %H:%M"), message.author, message.text);
        }
    }
}
