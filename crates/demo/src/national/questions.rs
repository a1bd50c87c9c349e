//! The questions and answers of the country: those of the demonstration, then one for each occupation and as many
//! programmes as are wanted, in the format that the catalogue reads.

use std::io::{self, Write};

use super::occupations::Occupation;
use super::programmes::Programme;
use super::{Making, finish};
use crate::catalogue::FAQ;

/// Writes them.
pub(super) fn write(
    making: &Making<'_>,
    occupations: &[Occupation],
    programmes: &[Programme],
) -> io::Result<()> {
    let mut out = making.file("questions.md")?;
    let mut written = 0;
    // The questions of the demonstration are a file of their own in the same format: its head is replaced.
    let mut blocks = FAQ.splitn(3, "---\n");
    let (_, _, demonstration) = (blocks.next(), blocks.next(), blocks.next().unwrap_or_default());
    write!(
        out,
        "---\npasserelle-faq: 1\ncollection: national\npublisher: Données inventées de Passerelle\n\
         licence: Apache-2.0\npublished: 2026-08-29\n---\n"
    )?;
    let count = demonstration.lines().filter(|line| line.starts_with("question:")).count();
    if count <= making.counts.questions {
        out.write_all(demonstration.as_bytes())?;
        if !demonstration.ends_with('\n') {
            writeln!(out)?;
        }
        written += count;
    }
    let left = making.counts.questions - written;
    for occupation in occupations.iter().take(left) {
        let field = &making.fields.0[occupation.field];
        write!(
            out,
            "---\nid: metier-{}\nquestion: Comment devenir {}\u{202f}?\nlinks: MET.{}\nupdated: 2026-08-20\n---\n\
             On peut exercer ce métier après des études de niveau **{}** au moins.\n\n- Au quotidien\u{a0}: {}.\n\
             - On travaille {}.\n- Il faut {}.\n\nLe calendrier des inscriptions dépend de l’année.\n",
            occupation.id,
            occupation.both().replace(" / ", " ou "),
            occupation.id,
            match occupation.level {
                '-' => "collège".to_owned(),
                'c' => "CAP".to_owned(),
                'b' => "bac".to_owned(),
                years => format!("bac + {years}"),
            },
            field.acts.join(", "),
            field.place,
            field.takes,
        )?;
        written += 1;
    }
    let left = making.counts.questions - written;
    for programme in programmes.iter().filter(|programme| programme.section.level != "seconde").take(left) {
        let field = &making.fields.0[programme.field];
        write!(
            out,
            "---\nid: formation-{}\nquestion: Que faire après {}\u{202f}?\nlinks: FOR.{}\nupdated: 2026-08-20\n---\n\
             On peut travailler dans le domaine «\u{a0}{}\u{a0}» ou poursuivre ses études. Les places et le \
             calendrier dépendent de l’année et de l’établissement.\n",
            programme.id, programme.name, programme.id, field.domain,
        )?;
    }
    finish(out)
}
