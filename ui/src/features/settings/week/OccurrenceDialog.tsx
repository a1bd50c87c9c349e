import { useDeferredValue, useState, type FormEvent, type ReactNode } from "react";
import {
  useRead,
  useWrite,
  type OccurrenceDraft,
  type OccurrenceTarget,
  type OccurrenceView,
  type SettingsView,
} from "~/shared/backend";
import { errorText, fieldErrorText } from "~/shared/errors";
import { dayName } from "~/shared/format/dates";
import { plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Note } from "~/shared/ui/Note";
import { Select } from "~/shared/ui/Select";
import { NextDays } from "../NextDays";
import { DayField, TimeField } from "../parts/WhenFields";
import { useInvalid } from "../useInvalid";
import { blocksText, occurrenceText } from "../words";
import styles from "../Forms.module.css";

/** One day of an opening: elsewhere, at other hours, or not at all; that day alone, or the series from it on. */
export function OccurrenceDialog({
  settings,
  occurrence,
  target,
  onClose,
  onSeries,
}: {
  settings: SettingsView;
  occurrence: OccurrenceView;
  /** What is wanted of it; none removes it. */
  target: OccurrenceTarget | null;
  onClose: () => void;
  /** The whole document is to be changed instead. */
  onSeries: () => void;
}): ReactNode {
  const { notify } = useNotices();
  const [to, setTo] = useState(target);
  const [scope, setScope] = useState<"one" | "following">("one");
  const [failure, setFailure] = useState<string | null>(null);
  const save = useWrite("settings.save");
  const invalid = useInvalid();
  const draft: OccurrenceDraft = { opening: occurrence.id, date: occurrence.date, to, scope };
  const asked = useDeferredValue(JSON.stringify(draft));
  const plan = useRead("settings.plan_occurrence", JSON.parse(asked) as OccurrenceDraft, { keep: true });
  const preview = plan.data?.preview;
  const outside = preview?.hits.length ?? 0;
  const wrong = preview?.fields[0];
  const patch = (part: Partial<OccurrenceTarget>): void => {
    setFailure(null);
    setTo((before) => (before === null ? null : { ...before, ...part }));
  };
  const said = to === null ? "Retirer" : to.date === occurrence.date ? "Changer" : "Déplacer";
  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    if (invalid.any) return;
    if (plan.data === undefined || asked !== JSON.stringify(draft)) return;
    save.mutate(
      { changes: plan.data.changes, accept_hits: true },
      {
        onSuccess: () => {
          const what = to === null ? "retirée" : to.date === occurrence.date ? "modifiée" : "déplacée";
          notify({ text: `Plage du ${dayName(occurrence.date)} ${what}.`, tone: "good", undoable: true });
          onClose();
        },
        onError: (error) => {
          const { text, next } = errorText(error);
          setFailure(`${text} ${next}`);
        },
      },
    );
  };
  const problem = plan.error === null ? null : errorText(plan.error);
  return (
    <Dialog title={`${said} la plage du ${dayName(occurrence.date)}`} open wide onClose={onClose}>
      <form className={styles.form} onSubmit={submitted} noValidate>
        <p>
          <b>{occurrence.counsellor.name}</b>, {occurrenceText(occurrence)}.
        </p>
        {to !== null && (
          <fieldset className={styles.group}>
            <legend>Devient</legend>
            <div className={styles.row}>
              <DayField
                label="Jour"
                onInvalid={invalid.mark("day")}
                value={to.date}
                today={settings.today}
                onChange={(date) => {
                  if (date !== null) patch({ date });
                }}
              />
              <Select
                label="Où"
                options={settings.sites.map((one) => ({ value: one.id, label: one.name }))}
                value={to.site ?? occurrence.site}
                onChange={(site) => {
                  patch({ site });
                }}
              />
            </div>
            {to.blocks.map((block, index) => (
              <div key={index} className={styles.row}>
                <TimeField
                  label="De"
                  onInvalid={invalid.mark(`from-${String(index)}`)}
                  value={block.from}
                  onChange={(from) => {
                    patch({ blocks: to.blocks.map((one, at) => (at === index ? { ...one, from } : one)) });
                  }}
                />
                <TimeField
                  label="À"
                  onInvalid={invalid.mark(`to-${String(index)}`)}
                  value={block.to}
                  onChange={(end) => {
                    patch({ blocks: to.blocks.map((one, at) => (at === index ? { ...one, to: end } : one)) });
                  }}
                />
              </div>
            ))}
          </fieldset>
        )}
        {occurrence.repeats && (
          <div className={styles.choices} role="radiogroup" aria-label="Pour quelles dates">
            {(
              [
                ["one", "Cette fois seulement", "Les autres dates restent comme elles sont."],
                [
                  "following",
                  "Toute la série à partir de ce jour",
                  "Les dates passées restent comme elles sont.",
                ],
              ] as const
            ).map(([value, label, detail]) => (
              <label key={value} className={styles.choice}>
                <input
                  type="radio"
                  name="portee"
                  autoFocus={value === "one"}
                  checked={scope === value}
                  onChange={() => {
                    setScope(value);
                  }}
                />
                <span>
                  {label}
                  <span className="sub"> {detail}</span>
                </span>
              </label>
            ))}
          </div>
        )}
        <NextDays next={preview?.next.at(-1)} />
        {to !== null && (
          <p className="sub">
            Le {dayName(to.date)}, {blocksText(to.blocks)}.
          </p>
        )}
        {wrong !== undefined && <Note tone="warn">{fieldErrorText(wrong.code, wrong.field)}</Note>}
        {problem !== null && (
          <Note tone="warn" live>
            <b>{problem.text}</b> {problem.next}
          </Note>
        )}
        {outside > 0 && (
          <Note tone="warn">
            {plural(outside, "rendez-vous posé se trouve", "rendez-vous posés se trouvent")} alors hors des
            heures d’ouverture.{" "}
            {outside === 1
              ? "Il reste posé : appelez la famille, ou déplacez-le depuis l’agenda."
              : "Ils restent posés : appelez les familles, ou déplacez-les depuis l’agenda."}
          </Note>
        )}
        {failure !== null && (
          <Note tone="bad" live>
            {failure}
          </Note>
        )}
        <DialogActions>
          <Button tone={to === null ? "danger" : "primary"} submit disabled={save.isPending}>
            {said}
          </Button>
          <Button tone="quiet" onClick={onClose}>
            Laisser comme c’était
          </Button>
          <Button tone="quiet" icon="pen" onClick={onSeries}>
            Ouvrir toute la répétition
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
