import { useRef, useState, type ReactNode } from "react";
import { useRead, type HitView, type SettingChange } from "~/shared/backend";
import type { Day } from "~/shared/format/dates";
import { french, plural } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { IconButton } from "~/shared/ui/Button";
import { KeyHints } from "~/shared/ui/KeyHints";
import { Bar, Foot } from "~/shared/ui/Screen";
import { Select } from "~/shared/ui/Select";
import { useSave } from "../documents/useSave";
import { Replan } from "../replan/Replan";
import { useSettings } from "../useSettings";
import { ChosenDays } from "./ChosenDays";
import styles from "./ClosuresPage.module.css";
import { YearCalendar } from "./YearCalendar";
import { YearList } from "./YearList";
import {
  changesFor,
  daysOf,
  firstDayOf,
  knownOf,
  lastDayOf,
  rangeOf,
  rangeWords,
  schoolYearOf,
  workdays,
  type Range,
} from "./year";

const EVERYWHERE = "all";

/** A school year: what is closed by law, by the school calendar, and by the office, which alone can be changed here. */
export function ClosuresPage(): ReactNode {
  const { sites, today, office } = useSettings();
  const { announce } = useNotices();
  const saving = useSave();
  const [year, setYear] = useState(() => schoolYearOf(today));
  const [where, setWhere] = useState(EVERYWHERE);
  const [cursor, setCursor] = useState<Day>(today);
  const [range, setRange] = useState<Range | null>(null);
  const [asked, setAsked] = useState<{ changes: SettingChange[]; hits: HitView[]; range: Range } | null>(
    null,
  );
  const page = useRef<HTMLDivElement>(null);
  const first = useRead("settings.holidays", { year }, { keep: true }).data;
  const second = useRead("settings.holidays", { year: year + 1 }, { keep: true }).data;
  const known = knownOf(
    [first, second].filter((one) => one !== undefined),
    year,
  );
  const meant = where === EVERYWHERE ? sites : sites.filter((site) => site.id === where);
  const days = range === null ? [] : daysOf(range);
  const toClose = changesFor(meant, days, true);
  const toOpen = changesFor(meant, days, false);
  const preview = useRead(
    "settings.preview",
    { changes: toClose },
    { enabled: range !== null && toClose.length > 0 },
  ).data;

  const focusDay = (day: Day): void => {
    requestAnimationFrame(() => page.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus());
  };
  const move = (to: Day, extend: boolean): void => {
    setYear(schoolYearOf(to));
    setCursor(to);
    setRange((before) => {
      if (!extend) return { first: to, last: to };
      const anchor = before === null ? cursor : before.first === cursor ? before.last : before.first;
      return rangeOf(anchor, to);
    });
    focusDay(to);
  };
  const turn = (by: 1 | -1): void => {
    const next = year + by;
    setYear(next);
    setRange(null);
    setCursor(schoolYearOf(today) === next ? today : firstDayOf(next));
    announce(`Année ${String(next)}-${String(next + 1)}`);
  };
  const clear = (): void => {
    setRange(null);
    setAsked(null);
    focusDay(cursor);
  };
  const close = (): void => {
    if (range === null) return;
    if (toClose.length === 0) {
      announce("Déjà fermé");
      return;
    }
    if (preview !== undefined && preview.hits.length > 0) {
      setAsked({ changes: toClose, hits: preview.hits, range });
      requestAnimationFrame(() => page.current?.querySelector<HTMLElement>("aside button")?.focus());
      return;
    }
    saving.save(toClose, french(`Fermé ${rangeWords(range)}`), clear);
  };
  const open = (): void => {
    if (range === null || toOpen.length === 0) {
      announce("Rien à rouvrir");
      return;
    }
    saving.save(toOpen, french(`Rouvert ${rangeWords(range)}`), clear);
  };

  useShortcuts("Fermetures", [
    { keys: "f", label: "Fermer les jours choisis", run: close },
    { keys: "r", label: "Rouvrir les jours choisis", run: open },
    {
      keys: ["Shift+ArrowLeft", "Shift+ArrowRight"],
      label: "Choisir plusieurs jours",
      local: true,
      run: () => false,
    },
    { keys: ["PageUp", "PageDown"], label: "Mois précédent, suivant", local: true, run: () => false },
  ]);

  const span = `${String(year)}-${String(year + 1)}`;
  return (
    <div ref={page} className={styles.split}>
      <section className={styles.work}>
        <Bar
          end={
            <Select
              label="Où"
              labelHidden
              className={styles.where}
              value={where}
              options={[
                { value: EVERYWHERE, label: "Tous les lieux" },
                ...sites.map((site) => ({ value: site.id, label: french(site.name) })),
              ]}
              onChange={setWhere}
            />
          }
        >
          <h2>Fermetures et jours fériés</h2>
          <div className={styles.turn}>
            <IconButton
              icon="left"
              label="Année précédente"
              onClick={() => {
                turn(-1);
              }}
            />
            <b className="num">{span}</b>
            <IconButton
              icon="right"
              label="Année suivante"
              onClick={() => {
                turn(1);
              }}
            />
          </div>
        </Bar>
        <YearCalendar
          year={year}
          today={today}
          sites={sites}
          known={known}
          cursor={cursor < firstDayOf(year) || cursor > lastDayOf(year) ? firstDayOf(year) : cursor}
          range={range}
          onMove={move}
          onEnter={() => {
            page.current?.querySelector<HTMLElement>("[data-act]")?.focus();
          }}
          onClear={clear}
        />
        <Foot>
          <p className={styles.legend}>
            <span data-of="closed">fermé par le centre</span>
            <span data-of="holiday">férié</span>
            <span data-of="school">vacances scolaires</span>
          </p>
          <KeyHints
            hints={[
              { keys: "f", label: "fermer" },
              { keys: "r", label: "rouvrir" },
              { keys: "Shift+ArrowRight", label: "plusieurs jours" },
            ]}
          />
        </Foot>
      </section>
      <aside className={styles.aside} aria-label="Jours choisis">
        {asked !== null ? (
          <Replan
            title={french(`Fermer ${rangeWords(asked.range)}`)}
            changes={asked.changes}
            hits={asked.hits}
            reason="Fermeture du centre"
            saveLabel="Fermer et replanifier"
            said={french(
              `Fermé ${rangeWords(asked.range)}, ${plural(asked.hits.length, "rendez-vous réglé", "rendez-vous réglés")}`,
            )}
            onDone={clear}
            onCancel={() => {
              setAsked(null);
              focusDay(cursor);
            }}
          />
        ) : range !== null ? (
          <ChosenDays
            range={range}
            days={days}
            working={workdays(days, known).length}
            known={known}
            where={
              where === EVERYWHERE
                ? sites.length > 1
                  ? "tous les lieux"
                  : (sites[0]?.name ?? office.name)
                : (meant[0]?.name ?? "")
            }
            closable={toClose.length > 0}
            openable={toOpen.length > 0}
            preview={toClose.length > 0 ? preview : undefined}
            busy={saving.isPending}
            onClose={close}
            onOpen={open}
            onClear={clear}
          />
        ) : (
          <YearList
            year={year}
            today={today}
            sites={sites}
            known={known}
            zone={first?.school_zone ?? null}
            knownUntil={second?.known_until ?? null}
            onChoose={(chosen) => {
              setRange(chosen);
              setCursor(chosen.last);
              focusDay(chosen.last);
            }}
          />
        )}
      </aside>
    </div>
  );
}
