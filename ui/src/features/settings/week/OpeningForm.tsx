import { useDeferredValue, useState, type FormEvent, type ReactNode } from "react";
import {
  useRead,
  useWrite,
  type FieldError,
  type OpeningDoc,
  type SettingChange,
  type SettingsView,
} from "~/shared/backend";
import { errorText, fieldErrorText } from "~/shared/errors";
import { plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { Button, IconButton } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Checkbox } from "~/shared/ui/Field";
import { Note } from "~/shared/ui/Note";
import { Select } from "~/shared/ui/Select";
import { NextDays } from "../NextDays";
import { DayField, TimeField } from "../parts/WhenFields";
import { RepeatFields } from "../RepeatFields";
import { useInvalid } from "../useInvalid";
import { repeatText } from "../words";
import styles from "../Forms.module.css";

/** An opening, new or whole; what it means is said in words before it is saved. */
export function OpeningForm({
  settings,
  seen,
  draft,
  onClose,
}: {
  settings: SettingsView;
  /** The document as it was read; none for a new one. */
  seen: OpeningDoc | null;
  draft: OpeningDoc;
  onClose: () => void;
}): ReactNode {
  const { notify } = useNotices();
  const [doc, setDoc] = useState(draft);
  const [failure, setFailure] = useState<string | null>(null);
  const save = useWrite("settings.save");
  const invalid = useInvalid();
  const change: SettingChange = {
    ...(seen === null ? {} : { seen: { entity: "opening", doc: seen } }),
    to: { entity: "opening", doc },
  };
  const changes = useDeferredValue(JSON.stringify([change]));
  const preview = useRead(
    "settings.preview",
    { changes: JSON.parse(changes) as SettingChange[] },
    { keep: true },
  );
  const errors: FieldError[] = preview.data?.fields ?? [];
  const wrong = (field: string): string | null => {
    const found = errors.find((one) => one.field === `0.${field}`);
    return found === undefined ? null : fieldErrorText(found.code, found.field);
  };
  const outside = preview.data?.hits.length ?? 0;
  const patch = (part: Partial<OpeningDoc>): void => {
    setFailure(null);
    setDoc((before) => ({ ...before, ...part }));
  };
  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    if (invalid.any) return;
    save.mutate(
      { changes: [change], accept_hits: true },
      {
        onSuccess: () => {
          notify({
            text: seen === null ? "Plage ajoutée." : "Plage modifiée.",
            tone: "good",
            undoable: true,
          });
          onClose();
        },
        onError: (error) => {
          const { text, next } = errorText(error);
          setFailure(`${text} ${next}`);
        },
      },
    );
  };
  const remove = (): void => {
    if (seen === null) return;
    save.mutate(
      {
        changes: [
          {
            seen: { entity: "opening", doc: seen },
            to: { entity: "opening", doc: { ...seen, removed: true } },
          },
        ],
        accept_hits: true,
      },
      {
        onSuccess: () => {
          notify({ text: "Plage retirée, avec toute sa répétition.", tone: "good", undoable: true });
          onClose();
        },
        onError: (error) => {
          setFailure(errorText(error).text);
        },
      },
    );
  };
  return (
    <Dialog
      title={seen === null ? "Nouvelle plage d’ouverture" : "Toute la répétition"}
      open
      wide
      onClose={onClose}
    >
      <form className={styles.form} onSubmit={submitted} noValidate>
        <div className={styles.row}>
          <Select
            label="Qui reçoit"
            options={settings.staff.map((one) => ({ value: one.id, label: one.name }))}
            value={doc.counsellor}
            onChange={(counsellor) => {
              patch({ counsellor });
            }}
          />
          <Select
            label="Où"
            options={settings.sites.map((one) => ({ value: one.id, label: one.name }))}
            value={doc.site}
            onChange={(site) => {
              patch({ site });
            }}
          />
          <DayField
            label="À partir du"
            onInvalid={invalid.mark("day")}
            value={doc.first_day}
            today={settings.today}
            error={wrong("first_day")}
            onChange={(first_day) => {
              if (first_day !== null) patch({ first_day });
            }}
          />
        </div>
        <fieldset className={styles.group}>
          <legend>Heures</legend>
          {doc.blocks.map((block, index) => (
            <div key={index} className={styles.row}>
              <TimeField
                label="De"
                onInvalid={invalid.mark(`from-${String(index)}`)}
                value={block.from}
                error={wrong(`blocks.${String(index)}.from`)}
                onChange={(from) => {
                  patch({ blocks: doc.blocks.map((one, at) => (at === index ? { ...one, from } : one)) });
                }}
              />
              <TimeField
                label="À"
                onInvalid={invalid.mark(`to-${String(index)}`)}
                value={block.to}
                error={wrong(`blocks.${String(index)}.to`)}
                onChange={(to) => {
                  patch({ blocks: doc.blocks.map((one, at) => (at === index ? { ...one, to } : one)) });
                }}
              />
              {doc.blocks.length > 1 && (
                <span className={styles.shrink}>
                  <IconButton
                    icon="close"
                    label="Retirer ces heures"
                    onClick={() => {
                      patch({ blocks: doc.blocks.filter((_, at) => at !== index) });
                    }}
                  />
                </span>
              )}
            </div>
          ))}
          <div>
            <Button
              small
              icon="plus"
              onClick={() => {
                const last = doc.blocks.at(-1)?.to ?? 780;
                patch({
                  blocks: [
                    ...doc.blocks,
                    { from: Math.min(last + 60, 1380), to: Math.min(last + 240, 1440) },
                  ],
                });
              }}
            >
              D’autres heures le même jour
            </Button>
          </div>
        </fieldset>
        <RepeatFields
          onInvalid={invalid.mark("until")}
          rule={doc.rule ?? null}
          first={doc.first_day}
          today={settings.today}
          onChange={(rule) => {
            setFailure(null);
            setDoc((before) => {
              const next: OpeningDoc = { ...before };
              if (rule === null) delete next.rule;
              else next.rule = rule;
              return next;
            });
          }}
        />
        {wrong("rule") !== null && <Note tone="warn">{wrong("rule")}</Note>}
        <div className={styles.row}>
          <Checkbox
            checked={doc.term_only ?? false}
            onChange={(event) => {
              patch({ term_only: event.target.checked });
            }}
          >
            Pas pendant les vacances scolaires
          </Checkbox>
          <Checkbox
            checked={doc.works_on_off_days}
            onChange={(event) => {
              patch({ works_on_off_days: event.target.checked });
            }}
          >
            Aussi les jours fériés
          </Checkbox>
        </div>
        <p>Cette plage revient {repeatText(doc.rule, doc.first_day)}.</p>
        <NextDays next={preview.data?.next[0]} />
        {outside > 0 && (
          <Note tone="warn">
            {plural(outside, "rendez-vous posé se trouve", "rendez-vous posés se trouvent")} alors hors des
            heures d’ouverture. {outside === 1 ? "Il reste posé." : "Ils restent posés."}
          </Note>
        )}
        {preview.data?.stale && (
          <Note tone="warn" live>
            Quelqu’un a changé cette plage entre-temps. Fermez et rouvrez-la.
          </Note>
        )}
        {failure !== null && (
          <Note tone="bad" live>
            {failure}
          </Note>
        )}
        <DialogActions>
          <Button tone="primary" submit disabled={save.isPending}>
            Enregistrer
          </Button>
          <Button tone="quiet" onClick={onClose}>
            Fermer sans enregistrer
          </Button>
          {seen !== null && (
            <Button tone="danger" onClick={remove}>
              Retirer toute la répétition
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
