import { useDeferredValue, useMemo, useState, type FormEvent, type ReactNode } from "react";
import { useRead, useWrite, type AbsenceDoc, type SettingChange, type SettingsView } from "~/shared/backend";
import { errorText, fieldErrorText } from "~/shared/errors";
import { plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { Button } from "~/shared/ui/Button";
import { Checkbox, TextField } from "~/shared/ui/Field";
import { Note } from "~/shared/ui/Note";
import { EmptyState } from "~/shared/ui/Panel";
import { Bar, Work } from "~/shared/ui/Screen";
import { ToggleChip } from "~/shared/ui/Segmented";
import { NextDays } from "../NextDays";
import { DayField, TimeField } from "../parts/WhenFields";
import { Replan } from "../replan/Replan";
import { RepeatFields } from "../RepeatFields";
import { useInvalid } from "../useInvalid";
import forms from "../Forms.module.css";
import { absenceOf, typedOf, type AbsenceTyped } from "./draft";
import styles from "./Absences.module.css";

const USUAL = ["Formation", "Congé", "Conseil de classe", "Réunion", "Maladie"];

function blank(settings: SettingsView): AbsenceTyped {
  return {
    people: settings.may === "all" ? [] : settings.staff.map((one) => one.id),
    label: "",
    detail: "",
    first: settings.today,
    last: settings.today,
    whole: true,
    from: 510,
    to: 750,
    rule: null,
  };
}

/** An absence of one or several people. What it hits stands beside; it is saved with what becomes of each meeting. */
export function AbsenceForm({
  settings,
  seen,
  onClose,
}: {
  settings: SettingsView;
  seen: AbsenceDoc | null;
  onClose: () => void;
}): ReactNode {
  const { notify, announce } = useNotices();
  const [typed, setTyped] = useState(() => (seen === null ? blank(settings) : typedOf(seen)));
  const [failure, setFailure] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const invalid = useInvalid();
  // Each person has a document of their own, whose id is made once.
  const [ids] = useState(() => new Map(settings.staff.map((one) => [one.id, crypto.randomUUID() as string])));
  const save = useWrite("settings.save");
  const settled = useDeferredValue(typed);
  const asked = useMemo(
    () =>
      settled.people.map((person): SettingChange => {
        const id = seen?.id ?? ids.get(person) ?? person;
        const to = { entity: "absence" as const, doc: absenceOf(settled, person, id, seen?.except ?? []) };
        return seen === null ? { to } : { seen: { entity: "absence", doc: seen }, to };
      }),
    [settled, seen, ids],
  );
  const preview = useRead("settings.preview", { changes: asked }, { enabled: asked.length > 0, keep: true });
  // What stands there is still that of what was typed before.
  const late = settled !== typed || preview.isPlaceholderData;
  // Of an absence that cannot be saved yet, the desk says what is missing and not what it would hit.
  const known = asked.length > 0 && preview.data?.fields.length === 0;
  const hits = asked.length === 0 ? [] : (preview.data?.hits ?? []);
  const wrong = (field: string): string | null => {
    if (typed.people.length === 0) return null;
    const found = preview.data?.fields.find((one) => one.field === `0.${field}`);
    return found === undefined || (found.code === "required" && !tried)
      ? null
      : fieldErrorText(found.code, found.field);
  };
  const patch = (part: Partial<AbsenceTyped>): void => {
    setFailure(null);
    setTyped((before) => ({ ...before, ...part }));
  };
  const failed = (error: Parameters<typeof errorText>[0]): void => {
    const { text, next } = errorText(error);
    setFailure(`${text} ${next}`);
  };
  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (typed.people.length === 0) {
      setFailure("Choisissez qui est absent.");
      return;
    }
    if (late || invalid.any) return;
    if (hits.length > 0) {
      const text = `${plural(hits.length, "rendez-vous attend", "rendez-vous attendent")} une décision.`;
      announce(text);
      document.querySelector<HTMLElement>("[data-hit]")?.focus();
      return;
    }
    save.mutate(
      { changes: asked },
      {
        onSuccess: () => {
          notify({ text: "Absence enregistrée.", tone: "good", undoable: true });
          onClose();
        },
        onError: failed,
      },
    );
  };
  const remove = (): void => {
    if (seen === null) return;
    save.mutate(
      {
        changes: [
          {
            seen: { entity: "absence", doc: seen },
            to: { entity: "absence", doc: { ...seen, removed: true } },
          },
        ],
      },
      {
        onSuccess: () => {
          notify({ text: "Absence retirée.", tone: "good", undoable: true });
          onClose();
        },
        onError: failed,
      },
    );
  };
  return (
    <Work labelledBy="absence">
      <Bar
        end={
          <Button small icon="left" shortcut="Escape" onClick={onClose}>
            Absences
          </Button>
        }
      >
        <h2 id="absence">{seen === null ? "Nouvelle absence" : "Absence"}</h2>
      </Bar>
      <div
        className={styles.two}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
        }}
      >
        <form className={forms.form} onSubmit={submitted} noValidate>
          {settings.may === "all" && seen === null ? (
            <fieldset className={forms.group}>
              <legend>Qui est absent</legend>
              <div className={forms.days}>
                {settings.staff.map((one, index) => (
                  <Checkbox
                    key={one.id}
                    autoFocus={index === 0}
                    checked={typed.people.includes(one.id)}
                    onChange={(event) => {
                      const people = settings.staff
                        .map((other) => other.id)
                        .filter((id) => (id === one.id ? event.target.checked : typed.people.includes(id)));
                      patch({ people });
                    }}
                  >
                    {one.name}
                  </Checkbox>
                ))}
              </div>
            </fieldset>
          ) : (
            <p>
              <b>{settings.staff.find((one) => one.id === typed.people[0])?.name}</b>
            </p>
          )}
          <TextField
            label="Motif"
            hint="vu par toute l’équipe"
            value={typed.label}
            error={wrong("label")}
            onChange={(event) => {
              patch({ label: event.target.value });
            }}
          />
          <div className={forms.days} role="group" aria-label="Motifs courants">
            {USUAL.map((label) => (
              <ToggleChip
                key={label}
                on={typed.label === label}
                onChange={() => {
                  patch({ label });
                }}
              >
                {label}
              </ToggleChip>
            ))}
          </div>
          <TextField
            label="Précision"
            hint="facultatif"
            value={typed.detail}
            error={wrong("detail")}
            onChange={(event) => {
              patch({ detail: event.target.value });
            }}
          />
          <div className={forms.row}>
            <DayField
              label="Du"
              onInvalid={invalid.mark("first")}
              value={typed.first}
              today={settings.today}
              error={wrong("start")}
              onChange={(first) => {
                if (first !== null)
                  patch({
                    first,
                    last: typed.last < first || typed.last === typed.first ? first : typed.last,
                  });
              }}
            />
            <DayField
              label="Au"
              onInvalid={invalid.mark("last")}
              value={typed.last}
              today={settings.today}
              error={wrong("end")}
              onChange={(last) => {
                if (last !== null) patch({ last });
              }}
            />
          </div>
          <Checkbox
            checked={typed.whole}
            onChange={(event) => {
              patch({ whole: event.target.checked });
            }}
          >
            Toute la journée
          </Checkbox>
          {!typed.whole && (
            <div className={forms.row}>
              <TimeField
                label="De"
                onInvalid={invalid.mark("from")}
                value={typed.from}
                onChange={(from) => {
                  patch({ from });
                }}
              />
              <TimeField
                label="À"
                onInvalid={invalid.mark("to")}
                value={typed.to}
                error={wrong("end")}
                onChange={(to) => {
                  patch({ to });
                }}
              />
            </div>
          )}
          <RepeatFields
            onInvalid={invalid.mark("until")}
            rule={typed.rule}
            first={typed.first}
            today={settings.today}
            onChange={(rule) => {
              patch({ rule });
            }}
          />
          {wrong("rule") !== null && <Note tone="warn">{wrong("rule")}</Note>}
          <NextDays next={asked.length === 0 ? undefined : preview.data?.next[0]} />
          {preview.data?.stale && (
            <Note tone="warn" live>
              Quelqu’un a changé cette absence entre-temps. Fermez et rouvrez-la.
            </Note>
          )}
          {failure !== null && (
            <Note tone="bad" live>
              {failure}
            </Note>
          )}
          <div className={styles.actions}>
            <Button tone={hits.length === 0 ? "primary" : "plain"} submit disabled={save.isPending}>
              {hits.length === 0 ? "Enregistrer l’absence" : "Décider des rendez-vous"}
            </Button>
            {seen !== null && (
              <Button tone="danger" onClick={remove}>
                Retirer l’absence
              </Button>
            )}
          </div>
        </form>
        <div className={styles.replan}>
          {hits.length > 0 ? (
            <Replan
              title={asked.length > 1 ? "Ce que les absences touchent" : "Ce que l’absence touche"}
              changes={asked}
              hits={hits}
              late={late}
              reason={typed.label}
              saveLabel="Enregistrer l’absence et ces décisions"
              said={`Absence enregistrée, ${plural(hits.length, "rendez-vous réglé", "rendez-vous réglés")}.`}
              onDone={onClose}
              onCancel={onClose}
            />
          ) : (
            <EmptyState
              title={
                asked.length === 0
                  ? "Dites d’abord qui est absent."
                  : known
                    ? "Aucun rendez-vous n’est touché."
                    : "Remplissez d’abord le motif et les dates."
              }
            >
              {known
                ? "L’absence peut être enregistrée telle quelle."
                : "Les rendez-vous posés pendant l’absence viennent ici, avec qui appeler et où les mettre."}
            </EmptyState>
          )}
        </div>
      </div>
    </Work>
  );
}
