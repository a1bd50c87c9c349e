// The catalogue in the page: its parts by their names, and files in the forms that are published.

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";

/** The one box. */
export const box = (page) => page.getByRole("searchbox", { name: "Chercher dans le catalogue" });
/** The list of all kinds, or of one. */
export const list = (page) => page.getByRole("main").getByRole("listbox", { name: /^(Résultats|Formations|Métiers|Établissements|Questions fréquentes|Lieux de formation)$/ });
/** The line that one stands on. */
export const standing = (page) => list(page).getByRole("option", { selected: true });
/** The record beside the list. */
export const preview = (page) => page.getByRole("complementary", { name: "Aperçu" });
/** The record that is open. */
export const sheet = (page) => page.getByRole("region", { name: "Fiche", exact: true });

/** Waits until the list answers what is in the box. */
export async function answered(page, words) {
  await list(page).getByRole("option").filter({ hasText: words }).first().waitFor();
}

/** What the focus is on: the role and the name of the element, as far as they are written. */
export const focused = (page) =>
  page.evaluate(() => {
    const { tagName, type } = document.activeElement ?? {};
    const role = document.activeElement?.getAttribute("role");
    return role ?? (tagName === "INPUT" ? type : tagName?.toLowerCase());
  });

const INSTITUTIONS = [
  "code UAI",
  "type d'établissement",
  "nom",
  "sigle",
  "statut",
  "tutelle",
  "adresse",
  "CP",
  "commune",
  "commune (COG)",
  "telephone",
  "département",
  "académie",
  "région",
  "longitude (X)",
  "latitude (Y)",
  "journées portes ouvertes",
  "URL et ID Onisep",
  "date création",
  "date de modification",
];

const TOWNS = [
  ["80000", "Amiens", "80021", "Somme", "Amiens", "Hauts-de-France", 2.2957, 49.8941],
  ["59000", "Lille", "59350", "Nord", "Lille", "Hauts-de-France", 3.0586, 50.6365],
  ["69001", "Lyon", "69123", "Rhône", "Lyon", "Auvergne-Rhône-Alpes", 4.8357, 45.764],
  ["31000", "Toulouse", "31555", "Haute-Garonne", "Toulouse", "Occitanie", 1.4442, 43.6047],
  ["35000", "Rennes", "35238", "Ille-et-Vilaine", "Rennes", "Bretagne", -1.6778, 48.1173],
];
const SAINTS = ["Jean Moulin", "Louise Michel", "Jules Ferry", "Marie Curie", "Victor Hugo", "Simone Veil", "Paul Éluard"];

function row(index) {
  const [code, town, cog, department, academy, region, lon, lat] = TOWNS[index % TOWNS.length];
  const name = `Lycée ${SAINTS[index % SAINTS.length]} ${index}`;
  // 23 letters, without i, o and q: what the last letter of the code is counted with.
  const letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
  const number = String(1_000_000 + index);
  const uai = number + letters[Number(number) % 23];
  return [
    ...[uai, "lycée général et technologique", name, "", index % 3 === 0 ? "privé sous contrat" : "public"],
    ...["Ministère chargé de l'Éducation nationale", `${index} rue des Écoles`, code, town, cog, "03 22 00 00 00"],
    ...[department, academy, region, (lon + (index % 97) / 500).toFixed(5), (lat + (index % 89) / 500).toFixed(5), ""],
    ...[`https://www.onisep.fr/http/redirection/etablissement/slug/ENS.${7_000_000 + index}`, "06/06/2020", "20/11/2023"],
  ];
}

/** Writes a file of secondary schools as Onisep publishes them, with so many good rows and these others among them. */
export async function writeSchools(folder, count, { name = "ideo-structures-secondaire.csv", others = [] } = {}) {
  const file = path.join(folder, name);
  const out = createWriteStream(file);
  const line = (cells) => `${cells.map((cell) => (/[";]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(";")}\n`;
  out.write(`\ufeff${line(INSTITUTIONS)}`);
  for (const other of others) out.write(`${other}\n`);
  for (let index = 0; index < count; index += 1) {
    if (!out.write(line(row(index)))) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  return file;
}

/** A file that is of no catalogue. */
export async function writeLetter(folder) {
  const file = path.join(folder, "lettre.txt");
  await writeFile(file, "Chers collègues,\nvoici le compte rendu de la réunion.\n");
  return file;
}
