import { useRef, useState, type ReactNode } from "react";
import { useRead, type HitView, type OccurrenceView, type SettingChange } from "~/shared/backend";
import { addDays, dayName, mondayOf, type Day } from "~/shared/format/dates";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { Button, IconButton } from "~/shared/ui/Button";
import { KeyHints } from "~/shared/ui/KeyHints";
import { Loading } from "~/shared/ui/Panel";
import { Bar, Foot } from "~/shared/ui/Screen";
import { useSettingsDrafts } from "../documents/drafts";
import { ListAndEditor } from "../parts/ListAndEditor";
import { Replan } from "../replan/Replan";
import { useSettings } from "../useSettings";
import { blankDuty, isDuty, NEW_DUTY, rowsOf, type Half } from "./duty";
import { DutyEditor } from "./DutyEditor";
import styles from "./DutyPage.module.css";
import { DutyWeek } from "./DutyWeek";

/** Something that cannot be saved before it is said what becomes of the meetings that it hits. */
export interface Asked {
  title: string;
  changes: SettingChange[];
  hits: HitView[];
  said: string;
}

/** Who holds which permanence: reception at the office, half-days in the schools. */
export function DutyPage(): ReactNode {
  const settings = useSettings();
  const { announce } = useNotices();
  const drafts = useSettingsDrafts();
  const [monday, setMonday] = useState<Day>(() => mondayOf(settings.today));
  const [chosen, setChosen] = useState<string | null>(null);
  const [day, setDay] = useState<Day | null>(null);
  const [detail, setDetail] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const page = useRef<HTMLDivElement>(null);
  const week = useRead("settings.occurrences", { from: monday, to: addDays(monday, 6) }, { keep: true }).data;
  const creating = chosen === "new" && drafts.slots[NEW_DUTY] !== undefined;
  const opening = settings.openings.find((one) => one.id === chosen && isDuty(one, settings));

  const focusIn = (selector: string): void => {
    requestAnimationFrame(() => page.current?.querySelector<HTMLElement>(selector)?.focus());
  };
  const back = (): void => {
    setDetail(false);
    setAsked(null);
    focusIn('[data-cell][tabindex="0"]');
  };
  const open = (one: OccurrenceView): void => {
    setAsked(null);
    setChosen(one.id);
    setDay(one.date);
    setDetail(true);
    focusIn("form button, form input");
  };
  const create = (at: { site: string; day: Day; half: Half }): void => {
    // What was begun and not saved is gone on with, unless it is asked for at another place.
    drafts.set(NEW_DUTY, { doc: blankDuty(settings, crypto.randomUUID(), at) });
    setAsked(null);
    setChosen("new");
    setDay(null);
    setDetail(true);
    focusIn("form button, form input");
  };
  const turn = (by: number): void => {
    const next = by === 0 ? mondayOf(settings.today) : addDays(monday, by * 7);
    setMonday(next);
    announce(`Semaine du ${dayName(next)}`);
  };
  const main = settings.sites[0]?.id ?? "";

  useShortcuts("Permanences", [
    {
      keys: "n",
      label: "Nouvelle permanence",
      run: () => {
        create({ site: main, day: mondayOf(settings.today) < monday ? monday : settings.today, half: "am" });
      },
    },
    {
      keys: "t",
      label: "Cette semaine",
      run: () => {
        turn(0);
      },
    },
    {
      keys: "PageUp",
      label: "Semaine précédente",
      run: () => {
        turn(-1);
      },
    },
    {
      keys: "PageDown",
      label: "Semaine suivante",
      run: () => {
        turn(1);
      },
    },
    {
      keys: "Enter",
      label: "Modifier, ou poser une permanence à cet endroit",
      local: true,
      run: () => false,
    },
  ]);

  return (
    <ListAndEditor
      ref={page}
      detail={detail}
      list={
        <>
          <Bar
            end={
              <Button
                small
                icon="plus"
                shortcut="n"
                onClick={() => {
                  create({ site: main, day: monday > settings.today ? monday : settings.today, half: "am" });
                }}
              >
                Permanence
              </Button>
            }
          >
            <h2>Permanences</h2>
            <div className={styles.turn}>
              <IconButton
                icon="left"
                label="Semaine précédente"
                onClick={() => {
                  turn(-1);
                }}
              />
              <Button
                small
                onClick={() => {
                  turn(0);
                }}
              >
                Cette semaine
              </Button>
              <IconButton
                icon="right"
                label="Semaine suivante"
                onClick={() => {
                  turn(1);
                }}
              />
            </div>
            <p className={styles.week}>
              {dayName(monday, "short")} – {dayName(addDays(monday, 4), "short")}
            </p>
          </Bar>
          {drafts.slots[NEW_DUTY] !== undefined && !creating && (
            <button
              type="button"
              className={styles.draft}
              onClick={() => {
                setChosen("new");
                setDetail(true);
                focusIn("form button, form input");
              }}
            >
              <b>Nouvelle permanence</b>, commencée et pas encore enregistrée
            </button>
          )}
          {week === undefined ? (
            <Loading lines={8} />
          ) : (
            <DutyWeek
              monday={monday}
              today={settings.today}
              days={week.days}
              rows={rowsOf(settings, week.occurrences)}
              settings={settings}
              chosen={chosen}
              onOpen={open}
              onCreate={create}
            />
          )}
          <Foot>
            <p className={styles.legend}>
              <span data-of="duty">sans rendez-vous</span>
              <span data-of="school">sur rendez-vous, en établissement</span>
            </p>
            <KeyHints
              hints={[
                { keys: ["ArrowLeft", "ArrowRight"], label: "demi-journée" },
                { keys: "Enter", label: "modifier ou poser" },
              ]}
            />
          </Foot>
        </>
      }
      editor={
        asked !== null ? (
          <Replan
            title={asked.title}
            changes={asked.changes}
            hits={asked.hits}
            reason="Changement de permanence"
            saveLabel="Enregistrer et replanifier"
            said={asked.said}
            onDone={() => {
              if (chosen !== null) drafts.set(creating ? NEW_DUTY : `opening:${chosen}`, null);
              back();
            }}
            onCancel={() => {
              setAsked(null);
              focusIn("form button, form input");
            }}
          />
        ) : creating || opening !== undefined ? (
          <DutyEditor
            key={creating ? "new" : opening?.id}
            opening={creating ? null : (opening ?? null)}
            day={day}
            onBack={back}
            onSaved={(id) => {
              setChosen(id);
              back();
            }}
            onGone={() => {
              setChosen(null);
              back();
            }}
            onAsk={setAsked}
          />
        ) : null
      }
    />
  );
}
