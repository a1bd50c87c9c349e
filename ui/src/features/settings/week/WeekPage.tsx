import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useRead, type OccurrenceTarget, type OccurrenceView, type OpeningDoc } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { addDays, dayName, type Day } from "~/shared/format/dates";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useRouter } from "~/shared/router/router";
import { Button, IconButton } from "~/shared/ui/Button";
import { KeyHints } from "~/shared/ui/KeyHints";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Bar, Foot, Work } from "~/shared/ui/Screen";
import type { SettingsPageProps } from "../pages";
import { occurrenceText } from "../words";
import { OccurrenceDialog } from "./OccurrenceDialog";
import { OpeningForm } from "./OpeningForm";
import { WeekGrid } from "./WeekGrid";
import { draftOf, mondayOf, movedTo, rowsOf, shifted, walk, type Spot } from "./model";

type Open =
  | { type: "day"; occurrence: OccurrenceView; target: OccurrenceTarget | null }
  | { type: "series"; seen: OpeningDoc | null; draft: OpeningDoc };

const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"] as const;

/** The openings of everybody, a week at a time: one day is changed, moved or taken out by key or by hand. */
export function WeekPage({ settings }: SettingsPageProps): ReactNode {
  const { announce, notify } = useNotices();
  const { go } = useRouter();
  const [monday, setMonday] = useState(() => mondayOf(settings.today));
  const [spot, setSpot] = useState<Spot>({ row: 0, column: 0, item: 0 });
  const [cut, setCut] = useState<OccurrenceView | null>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const grid = useRef<HTMLTableElement>(null);
  const inGrid = useRef(false);
  const { data, error } = useRead(
    "settings.occurrences",
    { from: monday, to: addDays(monday, 6) },
    { keep: true },
  );
  // A plage that has gone (another week, a day taken out) takes the focus with it: it goes to what stands there now.
  useEffect(() => {
    if (inGrid.current && document.activeElement === document.body)
      grid.current?.querySelector<HTMLElement>("[data-spot='true']")?.focus();
  }, [data]);
  // Saturday and Sunday are drawn only when something is there.
  const all = data?.days ?? [];
  const busy = (day: Day): boolean =>
    data?.occurrences.some((one) => one.date === day && one.entity === "opening") ?? false;
  const days = all.filter((note, index) => index < 5 || busy(note.date));
  const rows = rowsOf(
    settings.staff,
    days.map((note) => note.date),
    data?.occurrences ?? [],
  );
  const cell = rows[spot.row]?.cells[spot.column] ?? [];
  const here = cell[Math.min(spot.item, Math.max(0, cell.length - 1))];
  const opening = here?.entity === "opening" ? here : undefined;
  const day = days[spot.column]?.date;
  const person = rows[spot.row];

  const focus = (): void => {
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>("[data-spot='true']")?.focus());
  };
  const close = (): void => {
    setOpen(null);
    setCut(null);
    focus();
  };
  const step = (weeks: number): void => {
    setMonday(addDays(monday, 7 * weeks));
    announce(`Semaine du ${dayName(addDays(monday, 7 * weeks))}`);
  };
  const change = (occurrence: OccurrenceView, target: OccurrenceTarget | null): void => {
    setOpen({ type: "day", occurrence, target });
  };
  const series = (occurrence: OccurrenceView): void => {
    const seen = settings.openings.find((one) => one.id === occurrence.id);
    if (seen !== undefined) setOpen({ type: "series", seen, draft: seen });
  };
  const create = (): void => {
    const site = settings.sites[0]?.id;
    const whose = person?.id ?? settings.staff[0]?.id;
    if (site === undefined || whose === undefined) return;
    setOpen({ type: "series", seen: null, draft: draftOf(whose, site, day ?? monday) });
  };
  const put = (date: Day, row: number): void => {
    if (cut === null) return;
    if (rows[row]?.id !== cut.counsellor.id) {
      notify({
        text: `Cette plage est celle de ${cut.counsellor.name} : elle se pose sur sa ligne.`,
        tone: "warn",
      });
      return;
    }
    change(cut, movedTo(cut, date));
  };

  const pressed = (event: KeyboardEvent): void => {
    const arrow = ARROWS.find((key) => key === event.key);
    if (event.ctrlKey || event.metaKey) return;
    if (opening !== undefined && (event.altKey || event.shiftKey) && arrow?.startsWith("Arrow")) {
      event.preventDefault();
      const minutes = arrow === "ArrowDown" ? 15 : -15;
      if (arrow === "ArrowLeft" || arrow === "ArrowRight")
        change(opening, movedTo(opening, addDays(opening.date, arrow === "ArrowRight" ? 1 : -1)));
      else change(opening, shifted(opening, minutes, event.shiftKey));
      return;
    }
    if (arrow !== undefined) {
      event.preventDefault();
      const next = walk(rows, spot, arrow);
      setSpot(next);
      focus();
      return;
    }
    if (event.key === "PageDown" || event.key === "PageUp") {
      event.preventDefault();
      step(event.key === "PageDown" ? 1 : -1);
      focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (opening !== undefined) change(opening, movedTo(opening, opening.date));
      else if (here?.entity === "absence") go("settings", { page: "absences" });
      else create();
    } else if ((event.key === "Delete" || event.key === "Backspace") && opening !== undefined) {
      event.preventDefault();
      change(opening, null);
    } else if (event.key === "Escape" && cut !== null) {
      event.preventDefault();
      setCut(null);
      announce("Rien n’est coupé.");
    }
  };

  useShortcuts("Ouvertures", [
    {
      keys: "t",
      label: "Cette semaine",
      run: () => {
        setMonday(mondayOf(settings.today));
      },
    },
    { keys: "n", label: "Nouvelle plage", run: create },
    {
      keys: "x",
      label: "Couper la plage",
      run: () => {
        if (opening === undefined) return false;
        setCut(opening);
        announce(`Coupé : ${occurrenceText(opening)}. Choisissez un jour, puis V.`);
        return true;
      },
    },
    {
      keys: "v",
      label: "La poser ici",
      run: () => {
        if (cut === null || day === undefined) return false;
        put(day, spot.row);
        return true;
      },
    },
    {
      keys: "r",
      label: "Toute la répétition",
      run: () => {
        if (opening === undefined) return false;
        series(opening);
        return true;
      },
    },
    { keys: ["Enter"], label: "Changer la plage, ou en ajouter une", local: true, run: () => false },
    { keys: ["Delete"], label: "La retirer ce jour-là", local: true, run: () => false },
    {
      keys: ["Alt+ArrowLeft"],
      shown: ["Alt+←", "Alt+→"],
      label: "Un jour plus tôt, plus tard",
      local: true,
      run: () => false,
    },
    {
      keys: ["Alt+ArrowUp"],
      shown: ["Alt+↑", "Alt+↓"],
      label: "Un quart d’heure plus tôt, plus tard",
      local: true,
      run: () => false,
    },
    {
      keys: ["Shift+ArrowUp"],
      shown: ["Maj+↑", "Maj+↓"],
      label: "Finir plus tôt, plus tard",
      local: true,
      run: () => false,
    },
    { keys: ["PageDown"], label: "Semaine suivante", local: true, run: () => false },
  ]);

  return (
    <Work labelledBy="ouvertures">
      <Bar
        end={
          <Button tone="primary" small icon="plus" shortcut="n" onClick={create}>
            Nouvelle plage
          </Button>
        }
      >
        <h2 id="ouvertures">Ouvertures, semaine du {dayName(monday, "short")}</h2>
        <IconButton
          icon="left"
          label="Semaine précédente"
          onClick={() => {
            step(-1);
          }}
        />
        <Button
          small
          onClick={() => {
            setMonday(mondayOf(settings.today));
          }}
        >
          Cette semaine
        </Button>
        <IconButton
          icon="right"
          label="Semaine suivante"
          onClick={() => {
            step(1);
          }}
        />
      </Bar>
      {error !== null && data === undefined ? (
        <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
      ) : data === undefined ? (
        <Loading lines={8} />
      ) : rows.length === 0 ? (
        <EmptyState title="Personne ne reçoit encore.">
          Les conseillers apparaissent ici dès qu’ils sont rattachés au centre.
        </EmptyState>
      ) : (
        <WeekGrid
          ref={grid}
          days={days}
          rows={rows}
          today={settings.today}
          mainSite={settings.sites[0]?.id ?? ""}
          spot={spot}
          cut={cut}
          onSpot={setSpot}
          onKeyDown={pressed}
          onFocusIn={(inside) => {
            inGrid.current = inside;
          }}
          onOpen={(occurrence) => {
            if (occurrence.entity === "opening") change(occurrence, movedTo(occurrence, occurrence.date));
            else go("settings", { page: "absences" });
          }}
          onCreate={create}
          onDrag={setCut}
          onDrop={put}
        />
      )}
      <Foot>
        <span>
          {cut === null
            ? "Une plage changée à la main est soulignée de points."
            : `Coupé : ${occurrenceText(cut)}`}
        </span>
        <KeyHints
          hints={[
            { keys: "Enter", label: "changer" },
            { keys: "Delete", label: "retirer" },
            { keys: ["x", "v"], label: "couper, poser" },
            { keys: "?", label: "toutes" },
          ]}
        />
      </Foot>
      {open?.type === "day" && (
        <OccurrenceDialog
          settings={settings}
          occurrence={open.occurrence}
          target={open.target}
          onClose={close}
          onSeries={() => {
            series(open.occurrence);
          }}
        />
      )}
      {open?.type === "series" && (
        <OpeningForm
          key={open.draft.id}
          settings={settings}
          seen={open.seen}
          draft={open.draft}
          onClose={close}
        />
      )}
    </Work>
  );
}
