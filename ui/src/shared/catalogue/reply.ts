import type { CatalogueRecord } from "~/shared/backend";
import { kilometres } from "~/shared/format/numbers";
import { french, phone } from "~/shared/format/text";

/** Markdown as a letter writes it: lists keep their dashes, links say their address, signs go. */
export function plainOfMarkdown(markdown: string): string {
  return markdown
    .replace(/\r\n?/g, "\n")
    .replace(/^#{1,6}\s+/gm, "")
    .replace(/^[ \t]*>[ \t]?/gm, "")
    .replace(/^([ \t]*)[*+][ \t]+/gm, "$1- ")
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\[([^\]]*)\]\(([^)\s]*)[^)]*\)/g, (_, label: string, address: string) =>
      label === address || label === "" ? address : `${label} (${address})`,
    )
    .replace(/<((?:https?|mailto):[^>\s]+)>/g, "$1")
    .replace(/(\*\*|__)(\S(?:.*?\S)?)\1/g, "$2")
    .replace(/(^|[^\w*])\*([^*\s](?:[^*\n]*[^*\s])?)\*(?![\w*])/gm, "$1$2")
    .replace(/(^|\W)_([^_\s](?:[^_\n]*[^_\s])?)_(?!\w)/gm, "$1$2")
    .replace(/`([^`\n]+)`/g, "$1")
    .replace(/^[ \t]*(?:-{3,}|\*{3,})[ \t]*$/gm, "")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function fact(record: CatalogueRecord, key: string): string | undefined {
  return record.facts.find((one) => one.key === key)?.value;
}

/** A line of a letter has commas where a list has dots. */
function inWords(text: string): string {
  return text.replace(/ · /g, ", ");
}

/** What of a record goes into a letter to a family: its name, where near their home, its official page. */
export function replyText(record: CatalogueRecord): string {
  if (record.kind === "faq") return plainOfMarkdown(record.answer ?? record.title);
  const lines = [inWords([record.title, record.subtitle].filter(Boolean).join(", "))];
  if (record.kind === "programme" || record.kind === "offering") {
    const [nearest] = record.places;
    const duration = fact(record, "duration");
    if (duration !== undefined && !record.subtitle.includes(duration))
      lines.push(french(`Durée : ${duration}`));
    if (nearest !== undefined) {
      const away = nearest.distance_km === null ? "" : `, ${kilometres(nearest.distance_km)}`;
      const where = inWords([nearest.institution.label, nearest.place].filter(Boolean).join(", "));
      const word = record.near === null ? "Par exemple" : "Lieu le plus proche";
      lines.push(french(`${word} : ${where}${away}`));
    }
  } else if (record.kind === "occupation") {
    lines[0] = french(`Fiche métier : ${record.title}`);
  } else if (record.kind === "institution") {
    lines[0] = record.title;
    const address = fact(record, "address");
    const number = fact(record, "phone");
    const site = fact(record, "website");
    if (address !== undefined) lines.push(address);
    if (number !== undefined) lines.push(french(`Téléphone : ${phone(number)}`));
    if (site !== undefined) lines.push(site);
  }
  if (record.url !== null && !lines.includes(record.url)) lines.push(record.url);
  return lines.join("\n");
}

/** A piece put under what is written, a line apart. */
export function appended(text: string, piece: string): string {
  const before = text.replace(/\s+$/, "");
  return before === "" ? `${piece}\n` : `${before}\n\n${piece}\n`;
}

/** What is said aloud and in a notice once a record went into an answer. */
export function insertedText(record: Pick<CatalogueRecord, "kind" | "title">): string {
  return record.kind === "faq"
    ? `Réponse insérée, ${french(record.title)}`
    : `Fiche insérée, ${record.title}`;
}
