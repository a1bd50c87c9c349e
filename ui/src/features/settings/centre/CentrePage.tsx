import type { ReactNode } from "react";
import type { OfficeDoc, SchoolZone } from "~/shared/backend";
import { lengthWords } from "~/shared/format/lengths";
import { french, phone } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { fieldStyles, TextField } from "~/shared/ui/Field";
import { Select } from "~/shared/ui/Select";
import { useEditing } from "../documents/useEditing";
import { Editor, Part } from "../parts/Editor";
import { LengthField } from "../parts/LengthField";
import { useSettings } from "../useSettings";
import styles from "./CentrePage.module.css";
import { total, type Hours } from "./hours";
import { HoursTable } from "./HoursTable";

/** The office's own document; the travel times in it have a page and a draft of their own. */
const CENTRE = "office#centre";

const ZONES: Record<SchoolZone, string> = {
  a: "Zone A",
  b: "Zone B",
  c: "Zone C",
  local: "Calendrier de l’académie",
};
const BY_DEPARTMENT = "";

const CHANNELS: readonly { field: keyof OfficeDoc["answer_within_min"]; label: string }[] = [
  { field: "walk_in", label: "À l’accueil" },
  { field: "chat", label: "Tchat" },
  { field: "phone", label: "Téléphone" },
  { field: "mail", label: "Mél" },
];

/** The office: where it is, when it answers, how long it waits. */
export function CentrePage(): ReactNode {
  const settings = useSettings();
  const { editing, checked, saving, change, save, giveUp } = useEditing("office", CENTRE, settings.office);
  const { doc } = editing;
  const text = (
    label: string,
    field: "name" | "town" | "address" | "postal_code" | "phone" | "mail",
    hint?: string,
  ): ReactNode => (
    <TextField
      label={label}
      {...(hint === undefined ? {} : { hint })}
      value={doc[field] ?? ""}
      error={checked.errorOf(field)}
      onChange={(event) => {
        const { value } = event.target;
        const optional = field === "phone" || field === "mail";
        change({ [field]: optional && value === "" ? undefined : value });
      }}
      onBlur={() => {
        checked.leave(field);
      }}
    />
  );
  useShortcuts("Le centre", [{ keys: "Ctrl+Enter", label: "Enregistrer", local: true, run: () => false }]);
  return (
    <Editor
      label="Le centre"
      level={2}
      title={<span>Le centre</span>}
      editing={editing}
      checked={checked}
      pending={settings.pending.includes(settings.office.uai)}
      saving={saving.isPending}
      words={officeWords}
      onSave={() => {
        save("Centre enregistré");
      }}
      onDiscard={giveUp}
      onBack={() => {
        (document.activeElement as HTMLElement | null)?.blur();
      }}
    >
      <div className={styles.columns}>
        <div className={styles.column}>
          <Part title="Heures où quelqu’un répond" hint={total(doc.hours)}>
            <HoursTable
              hours={doc.hours}
              checked={checked}
              onChange={(hours) => {
                change({ hours });
              }}
            />
          </Part>
          <Part title="Première réponse" hint="délai en heures d’ouverture, fermetures non comptées">
            <div className={styles.four}>
              {CHANNELS.map(({ field, label }) => (
                <LengthField
                  key={field}
                  label={label}
                  step={30}
                  value={doc.answer_within_min[field]}
                  error={checked.errorOf(`answer_within_min.${field}`)}
                  onChange={(minutes) => {
                    change({ answer_within_min: { ...doc.answer_within_min, [field]: minutes } });
                  }}
                  onInvalid={(wrong) => {
                    checked.setUnreadable(field, wrong);
                  }}
                  onLeave={() => {
                    checked.leave(`answer_within_min.${field}`);
                  }}
                />
              ))}
            </div>
          </Part>
        </div>
        <div className={styles.column}>
          <Part title="Adresse" hint="telle que les familles la lisent">
            {text("Nom", "name")}
            {text("Adresse", "address", "en une ligne")}
            <div className={fieldStyles.row}>
              {text("Code postal", "postal_code")}
              {text("Commune", "town")}
            </div>
            <div className={fieldStyles.row}>
              {text("Téléphone", "phone")}
              {text("Mél", "mail")}
            </div>
            <p className={styles.card}>
              <b>{french(doc.name)}</b>
              <br />
              {french(doc.address)}
              {doc.phone !== undefined && (
                <>
                  <br />
                  <span className="num">{phone(doc.phone)}</span>
                </>
              )}
              {doc.mail !== undefined && ` · ${doc.mail}`}
              <br />
              <span className="sub">
                {doc.uai} · heure de {doc.zone.split("/").at(-1)} (ne se change pas)
              </span>
            </p>
          </Part>
          <Part title="Propositions et vacances">
            <LengthField
              label="Un créneau proposé reste retenu"
              step={60}
              value={doc.hold_min}
              error={checked.errorOf("hold_min")}
              onChange={(hold_min) => {
                change({ hold_min });
              }}
              onInvalid={(wrong) => {
                checked.setUnreadable("hold_min", wrong);
              }}
              onLeave={() => {
                checked.leave("hold_min");
              }}
            />
            <p className={styles.said}>
              {french(
                `Proposé lundi à 10 h, il est rendu ${releaseWords(doc.hold_min)} si la famille n'a pas répondu. Ce qui est déjà proposé garde son délai.`,
              )}
            </p>
            <Select
              label="Vacances scolaires"
              value={doc.school_zone ?? BY_DEPARTMENT}
              options={[
                {
                  value: BY_DEPARTMENT,
                  label:
                    settings.office.school_zone === undefined && settings.school_zone !== null
                      ? `Selon le département : ${ZONES[settings.school_zone].replace(/^./, (first) => first.toLowerCase())}`
                      : "Selon le département",
                },
                ...(Object.keys(ZONES) as SchoolZone[]).map((zone) => ({
                  value: zone as string,
                  label: ZONES[zone],
                })),
              ]}
              onChange={(zone) => {
                change({ school_zone: zone === BY_DEPARTMENT ? undefined : (zone as SchoolZone) });
              }}
            />
          </Part>
        </div>
      </div>
    </Editor>
  );
}

/** When something proposed on Monday at ten is given back. */
function releaseWords(minutes: number): string {
  const at = 10 * 60 + minutes;
  const days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
  const day = Math.floor(at / 1440);
  const hour = `${String(Math.floor((at % 1440) / 60))} h${at % 60 === 0 ? "" : ` ${String(at % 60).padStart(2, "0")}`}`;
  const name = days[day % 7] ?? "";
  if (day === 0) return `le jour même à ${hour}`;
  return `${name}${day >= 7 ? " de la semaine suivante" : ""} à ${hour}`;
}

function officeWords(field: string, value: unknown): { label: string; value: string } | null {
  const text = typeof value === "string" ? value : "";
  switch (field) {
    case "name":
      return { label: "Nom", value: text };
    case "address":
      return { label: "Adresse", value: text };
    case "postal_code":
      return { label: "Code postal", value: text };
    case "town":
      return { label: "Commune", value: text };
    case "phone":
      return { label: "Téléphone", value: phone(text) };
    case "mail":
      return { label: "Mél", value: text };
    case "hold_min":
      return { label: "Créneau retenu", value: typeof value === "number" ? lengthWords(value) : "" };
    case "hours":
      return { label: "Heures", value: Array.isArray(value) ? total(value as Hours) : "" };
    case "school_zone":
      return {
        label: "Vacances scolaires",
        value: value === undefined ? "selon le département" : ZONES[value as SchoolZone],
      };
    case "answer_within_min":
      return {
        label: "Première réponse",
        value: Object.values((value ?? {}) as Record<string, number>)
          .map(lengthWords)
          .join(", "),
      };
    default:
      return null;
  }
}
