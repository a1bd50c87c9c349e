import type { CatalogueImport, CatalogueImported } from "~/shared/backend";
import { counted, figure, leftText } from "~/shared/format/numbers";
import { french } from "~/shared/format/text";

const STAGES: Record<string, string> = {
  downloading: "Téléchargement",
  reading: "Lecture",
  keeping: "Rangement des fiches",
  checking: "Vérification",
  indexing: "Préparation de la recherche",
};

export function stageText(stage: string): string {
  return STAGES[stage] ?? "Import";
}

/** How much is done, from 0 to 100; none where it cannot be said. */
export function percentOf(work: Pick<CatalogueImport, "done" | "total">): number | null {
  if (work.total <= 0) return null;
  return Math.max(0, Math.min(100, Math.floor((work.done / work.total) * 100)));
}

const UNITS = ["o", "Ko", "Mo", "Go"];

/** `12,4 Mo`. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const text = unit === 0 || size >= 100 ? String(Math.round(size)) : size.toFixed(1).replace(".", ",");
  return `${text}\u00a0${UNITS[unit] ?? "o"}`;
}

/** How far, how much, how long: while the index is made what counts is records. */
export function progressText(work: CatalogueImport): string {
  const done = Math.min(work.done, work.total);
  const indexing = work.stage === "indexing";
  return [
    work.total <= 0
      ? ""
      : indexing
        ? `${figure(done)} sur ${counted(work.total, "fiche", "fiches")}`
        : `${sizeText(done)} sur ${sizeText(work.total)}`,
    work.rows > 0 && !indexing ? counted(work.rows, "ligne lue", "lignes lues") : "",
    leftText(work.left_s),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** The name of a file without its folders, whichever way the computer writes them. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

interface Named {
  file: string;
  reason: string;
}

/** What a failed import says of single files. */
export function filesOf(params: Record<string, unknown>): Named[] {
  const list = Array.isArray(params["files"]) ? (params["files"] as unknown[]) : [params];
  return list.flatMap((one): Named[] => {
    if (typeof one !== "object" || one === null) return [];
    const { file, reason } = one as Record<string, unknown>;
    if (typeof file !== "string" || typeof reason !== "string") return [];
    return [{ file, reason }];
  });
}

/** How an import ended, in one line. */
export function endText(last: CatalogueImported): string {
  if (last.failed !== null)
    return last.failed.code === "stopped" ? "Import arrêté" : "L’import n’a pas abouti";
  return french(
    `Catalogue mis à jour : ${counted(last.kept, "ligne gardée", "lignes gardées")} sur ${counted(last.read, "lue", "lues")}`,
  );
}
