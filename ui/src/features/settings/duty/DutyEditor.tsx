import type { ReactNode } from "react";
import { useBackend, type OccurrencePlan, type OpeningDoc, type Recurrence } from "~/shared/backend";
import { asBackendError } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { dayName, type Day } from "~/shared/format/dates";
import { french, plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { Button } from "~/shared/ui/Button";
import { Checkbox, fieldStyles } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { Note } from "~/shared/ui/Note";
import { Segmented, ToggleChip } from "~/shared/ui/Segmented";
import { Select } from "~/shared/ui/Select";
import { useChecked } from "../documents/useChecked";
import { settingOf, useDocument } from "../documents/useDocument";
import { useSave } from "../documents/useSave";
import { Editor, Part } from "../parts/Editor";
import { DayField, TimeField } from "../parts/WhenFields";
import { useSettings } from "../useSettings";
import { weekdayName, WEEKDAYS } from "../words";
import { blankDuty, dutyWords, everyWords, NEW_DUTY } from "./duty";
import styles from "./DutyEditor.module.css";
import type { Asked } from "./DutyPage";
import { NextDates } from "./NextDates";

const EVERY = ["1", "2", "3", "4"] as const;

/** One permanence: who, where, when it comes back; its next days are said before it is saved. */
export function DutyEditor({
  opening,
  day,
  onBack,
  onSaved,
  onGone,
  onAsk,
}: {
  /** Null for a new one. */
  opening: OpeningDoc | null;
  /** The day through which it was opened, if any. */
  day: Day | null;
  onBack: () => void;
  onSaved: (id: string) => void;
  onGone: () => void;
  /** Meetings are hit: what becomes of each is asked first. */
  onAsk: (asked: Asked) => void;
}): ReactNode {
  const settings = useSettings();
  const backend = useBackend();
  const { announce, notify } = useNotices();
  const slot = opening === null ? NEW_DUTY : `opening:${opening.id}`;
  const blank = blankDuty(settings, "", {
    site: settings.sites[0]?.id ?? "",
    day: settings.today,
    half: "am",
  });
  const editing = useDocument("opening", slot, opening, opening === null ? blank : undefined);
  const saving = useSave();
  const checked = useChecked([editing.toChange()], saving.refused, true);
  const { doc } = editing;
  const rule = doc.rule ?? null;
  const weekly = rule === null || rule.frequency === "weekly";
  const hits = editing.dirty ? (checked.preview?.hits ?? []) : [];
  const next = checked.preview?.next[0];
  const block = doc.blocks[0] ?? { from: 510, to: 750 };
  const who = settings.staff.find((one) => one.id === doc.counsellor)?.name ?? "";
  const where = settings.sites.find((one) => one.id === doc.site)?.name ?? "";
  const change = (part: Partial<OpeningDoc>): void => {
    saving.forget();
    editing.change(part);
  };
  const setRule = (part: Partial<Recurrence>): void => {
    const before: Recurrence = rule ?? {
      frequency: "weekly",
      interval: 1,
      weekdays: [],
      nth_weekday: null,
      until: null,
    };
    change({ rule: { ...before, ...part } });
  };
  const invalid =
    (field: string) =>
    (wrong: boolean): void => {
      checked.setUnreadable(field, wrong);
    };
  const setBlock = (part: Partial<{ from: number; to: number }>): void => {
    change({ blocks: [{ ...block, ...part }, ...doc.blocks.slice(1)] });
  };
  const sentence = `${who}, ${where}`;

  const save = (): void => {
    if (!editing.dirty) {
      announce("Rien à enregistrer");
      return;
    }
    const changes = [editing.toChange()];
    const said = french(
      opening === null ? `Permanence posée : ${sentence}` : `Permanence enregistrée : ${sentence}`,
    );
    if (checked.upToDate && hits.some((hit) => hit.must_decide)) {
      onAsk({ title: french(`Permanence de ${sentence}`), changes, hits, said });
      return;
    }
    saving.save(
      changes,
      said,
      () => {
        checked.reset();
        editing.discard();
        onSaved(doc.id);
      },
      // Those that stay were listed above the button.
      true,
    );
  };
  const end = async (only: Day | null): Promise<void> => {
    if (opening === null) return;
    const said = french(
      only === null ? `Permanence retirée : ${sentence}` : `Pas de permanence ${dayName(only)} : ${who}`,
    );
    let changes = [
      { seen: settingOf("opening", opening), to: settingOf("opening", { ...opening, removed: true }) },
    ];
    if (only !== null) {
      try {
        const plan = await backend.call<OccurrencePlan>("settings.plan_occurrence", {
          opening: opening.id,
          date: only,
          to: null,
          scope: "one",
        });
        changes = plan.changes as typeof changes;
      } catch (error) {
        const { text, next: then, severity } = errorText(asBackendError(error));
        notify({ text: `${text} ${then}`, tone: severity });
        return;
      }
    }
    saving.save(changes, said, only === null ? onGone : onBack, true);
  };

  return (
    <Editor
      label={opening === null ? "Nouvelle permanence" : `Permanence de ${who}`}
      title={
        <>
          <Icon
            name={settings.sites.find((one) => one.id === doc.site)?.kind === "school" ? "school" : "home"}
          />
          <span>{opening === null ? "Nouvelle permanence" : who}</span>
        </>
      }
      editing={editing}
      checked={checked}
      pending={opening !== null && settings.pending.includes(opening.id)}
      saving={saving.isPending}
      words={dutyWords(settings)}
      onSave={save}
      onDiscard={() => {
        checked.reset();
        editing.discard();
        if (opening === null) onGone();
      }}
      onBack={onBack}
    >
      <NextDates
        next={next}
        sentence={french(`${everyWords(rule)}${doc.term_only === true ? ", hors vacances scolaires" : ""}`)}
      />
      {hits.length > 0 && (
        <Note tone="warn">
          <b>{plural(hits.length, "rendez-vous est touché", "rendez-vous sont touchés")}.</b>{" "}
          {hits.some((hit) => hit.must_decide)
            ? "Enregistrer demande ce que devient chacun."
            : "Ils restent posés ; prévenez la personne si elle doit changer d’heure."}
          <ul className={styles.hits}>
            {hits.slice(0, 4).map(({ appointment: one }) => (
              <li key={one.id}>
                {dayName(one.date, "short")}, {one.counsellor.name},{" "}
                {one.client === null
                  ? french(one.kind.name)
                  : `${one.client.given_name} ${one.client.family_name}`}
              </li>
            ))}
          </ul>
        </Note>
      )}
      <Part title="Qui et où">
        <Select
          label="Qui"
          value={doc.counsellor}
          options={settings.staff.map((one) => ({ value: one.id, label: one.name }))}
          onChange={(counsellor) => {
            change({ counsellor });
          }}
        />
        <Select
          label="Où"
          value={doc.site}
          options={settings.sites.map((one) => ({ value: one.id, label: french(one.name) }))}
          onChange={(site) => {
            change({ site });
          }}
        />
        <div className={styles.line}>
          <Segmented
            label="Comment on vient"
            options={[
              { value: "free", label: "Sans rendez-vous" },
              { value: "booked", label: "Sur rendez-vous" },
            ]}
            value={doc.duty === true ? "free" : "booked"}
            onChange={(how) => {
              change({ duty: how === "free" ? true : undefined });
            }}
          />
        </div>
      </Part>
      <Part title="Quand">
        {weekly && (
          <div role="group" aria-label="Jours de la semaine" className={styles.days}>
            {WEEKDAYS.slice(0, 6).map((weekday) => {
              const on = rule?.weekdays.includes(weekday) ?? false;
              return (
                <ToggleChip
                  key={weekday}
                  on={on}
                  onChange={() => {
                    const days = rule?.weekdays ?? [];
                    const after = on ? days.filter((one) => one !== weekday) : [...days, weekday];
                    setRule({ weekdays: WEEKDAYS.filter((one) => after.includes(one)) });
                  }}
                >
                  {weekdayName(weekday)}
                </ToggleChip>
              );
            })}
          </div>
        )}
        <div className={fieldStyles.row}>
          <TimeField
            label="De"
            value={block.from}
            error={checked.errorOf("blocks.0.from")}
            onChange={(from) => {
              setBlock({ from });
            }}
            onInvalid={invalid("from")}
            onLeave={() => {
              checked.leave("blocks.0.from");
            }}
          />
          <TimeField
            label="À"
            value={block.to}
            error={checked.errorOf("blocks.0.to")}
            onChange={(to) => {
              setBlock({ to });
            }}
            onInvalid={invalid("to")}
            onLeave={() => {
              checked.leave("blocks.0.to");
            }}
          />
        </div>
        {weekly && (
          <div className={styles.line}>
            <Segmented
              label="Revient"
              options={EVERY.map((value) => ({
                value,
                label: value === "1" ? "Chaque semaine" : `1 sur ${value}`,
              }))}
              value={String(rule?.interval ?? 1) as (typeof EVERY)[number]}
              onChange={(value) => {
                setRule({ interval: Number(value) });
              }}
            />
          </div>
        )}
        <DayField
          label="À partir du"
          value={doc.first_day}
          today={settings.today}
          error={checked.errorOf("first_day") ?? checked.errorOf("rule")}
          onChange={(first_day) => {
            if (first_day !== null) change({ first_day });
          }}
          onInvalid={invalid("first_day")}
          onLeave={() => {
            checked.leave("first_day");
            checked.leave("rule");
          }}
        />
        <DayField
          label="Jusqu’au"
          hint="vide : sans fin"
          optional
          value={rule?.until ?? null}
          today={settings.today}
          error={checked.errorOf("rule.until")}
          onChange={(until) => {
            setRule({ until });
          }}
          onInvalid={invalid("until")}
          onLeave={() => {
            checked.leave("rule.until");
          }}
        />
        <Checkbox
          checked={doc.term_only === true}
          onChange={(event) => {
            change({ term_only: event.target.checked ? true : undefined });
          }}
        >
          Pas pendant les vacances scolaires
        </Checkbox>
      </Part>
      {opening !== null && !editing.dirty && (
        <Part title="Retirer">
          <div className={styles.line}>
            {day !== null && rule !== null && (
              <Button
                small
                icon="minus"
                onClick={() => {
                  void end(day);
                }}
              >
                Seulement {dayName(day)}
              </Button>
            )}
            <Button
              small
              icon="minus"
              onClick={() => {
                void end(null);
              }}
            >
              Toute la permanence
            </Button>
          </div>
        </Part>
      )}
    </Editor>
  );
}
