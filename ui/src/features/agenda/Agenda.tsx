import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import {
  useRead,
  useRemember,
  type AppointmentView,
  type DayColumn,
  type SlotView,
  type Status,
} from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { dayAndHour, dayName, hourOf, stepWorkday } from "~/shared/format/dates";
import { useNotices } from "~/shared/notices/notices";
import { useRouter } from "~/shared/router/router";
import { useNow, useSession } from "~/shared/session/session";
import { Note } from "~/shared/ui/Note";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Screen, Work } from "~/shared/ui/Screen";
import styles from "./Agenda.module.css";
import { AgendaBar } from "./AgendaBar";
import { AgendaFoot } from "./AgendaFoot";
import { AppointmentPanel } from "./AppointmentPanel";
import { BookingPanel } from "./BookingPanel";
import { CancelDialog } from "./CancelDialog";
import { DayGrid, useOpeningScroll, type DayGridHandle, type Target } from "./DayGrid";
import { DayList } from "./DayList";
import { columnsOf, titleOf } from "./dayModel";
import { DeskColumn } from "./DeskColumn";
import { atSlot, newDraft, readLocal, type Draft } from "./draft";
import { GoToDay } from "./GoToDay";
import { hoursShown, layOut } from "./grid/layout";
import { useAppointmentActions } from "./useAppointmentActions";
import { MoveLine, type MoveDoubt } from "./MoveLine";
import { SessionPanel } from "./SessionPanel";
import { useAgendaKeys } from "./useAgendaKeys";
import { useColumns } from "./useColumns";
import { useIntent } from "./useIntent";

const STATUS_KEYS: Record<string, Status> = { a: "arrived", v: "attended", m: "no_show", e: "excused" };
const NO_COLUMNS: DayColumn[] = [];
const DAY_MINUTES = 1440;

type Place = { column: string; minute: number };

export function Agenda(): ReactNode {
  const { office } = useSession();
  const { place } = useRouter();
  const { instant, today, minute: nowMinute } = useNow();
  const { notify, announce } = useNotices();
  const { setStatus, move } = useAppointmentActions();
  const remember = useRemember();

  const params = place.screen === "agenda" ? (place.params as { date?: string }) : {};
  const [date, setDate] = useState(params.date || today);
  const [view, setView] = useState<"day" | "list">("day");
  const [draft, setDraft] = useState<Draft | null>(null);
  const [opened, setOpened] = useState<{ id: string; column: string; session?: string[] } | null>(null);
  const [cut, setCut] = useState<AppointmentView | null>(null);
  const [doubt, setDoubt] = useState<MoveDoubt | null>(null);
  const lastPut = useRef<{ date: string; minute: number; counsellor: string } | null>(null);
  const [cancelling, setCancelling] = useState<AppointmentView | null>(null);
  const [going, setGoing] = useState(false);
  const grid = useRef<DayGridHandle>(null);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const painting = useRef<string | null>(null);
  const focusLater = useRef<Place | null>(null);

  const { data: day, error } = useRead("agenda.day", { date }, { keep: true });
  const { data: running } = useRead("agenda.day", { date: today });
  const { hidden, shown, keys, toggle } = useColumns(day?.columns ?? NO_COLUMNS);

  const isToday = day?.date === today;
  const pastUntil =
    day === undefined || day.date > today ? 0 : isToday ? nowMinute - (nowMinute % 15) : DAY_MINUTES;
  const drawn = draft !== null && draft.date === day?.date;
  const draftColumn = drawn ? draft.counsellor : null;
  const draftFrom = drawn ? draft.minute : 0;
  const draftTo = drawn ? draft.minute + draft.minutes : 0;
  const layout = useMemo(() => {
    if (day === undefined) return null;
    const time = draftColumn === null ? null : { column: draftColumn, from: draftFrom, to: draftTo };
    const columns = columnsOf(day, shown, time);
    return layOut(columns, hoursShown(columns, { from: day.from_min, to: day.to_min }), pastUntil);
  }, [day, shown, draftColumn, draftFrom, draftTo, pastUntil]);

  useOpeningScroll(
    scroller,
    day?.date ?? "",
    layout === null || !isToday ? null : Math.floor((nowMinute - layout.from) / 15),
  );

  const close = useCallback(() => {
    if (draft !== null) focusLater.current = { column: draft.counsellor, minute: draft.minute };
    else if (opened !== null) {
      const block = day?.blocks.find((one) => one.id === opened.id);
      if (block) focusLater.current = { column: opened.column, minute: block.from_min };
    }
    setDraft(null);
    setOpened(null);
  }, [draft, opened, day]);

  // The keyboard goes back to the grid once the grid is drawn without the panel's slot.
  useLayoutEffect(() => {
    const place = focusLater.current;
    if (place === null || draft !== null || opened !== null || layout === null) return;
    // Another day was asked for and is still on its way.
    if (day?.date !== date) return;
    if (painting.current !== null && !day?.blocks.some((block) => block.id === painting.current)) return;
    focusLater.current = null;
    grid.current?.focus(place.column, place.minute);
  });

  // From the key that books to the block on the screen.
  useEffect(() => {
    const id = painting.current;
    if (id === null || !day?.blocks.some((block) => block.id === id)) return;
    painting.current = null;
    requestAnimationFrame(() => {
      setTimeout(() => {
        performance.measure("passerelle:book", "passerelle:book:key");
      }, 0);
    });
  }, [day]);

  const goTo = useCallback(
    (next: string, minute?: number) => {
      setDraft(null);
      setOpened(null);
      setDate(next);
      announce(dayName(next));
      if (minute !== undefined) focusLater.current = { column: shown[0]?.id ?? "", minute };
    },
    [announce, shown],
  );

  const book = useCallback(
    (start: { date: string; minute: number; counsellor: string }, kindId?: string): Draft | null => {
      const kind = office.kinds.find((one) => one.id === kindId) ?? office.kinds[0];
      if (kind === undefined) return null;
      const made = newDraft(start, kind);
      setOpened(null);
      setView("day");
      setDate(start.date);
      setDraft(made);
      return made;
    },
    [office.kinds],
  );

  const takeSlot = useCallback(
    (slot: SlotView, kind?: string): Draft | null => {
      if (hidden.has(slot.counsellor.id)) toggle(slot.counsellor.id);
      const start = { date: slot.local.slice(0, 10), minute: 0, counsellor: slot.counsellor.id };
      const made = book(start, kind);
      const placed = made === null ? null : atSlot(made, slot);
      setDraft(placed);
      return placed;
    },
    [book, hidden, toggle],
  );

  useIntent({ today, goTo, book, takeSlot, setDraft, setOpened, setDate, day });

  const open = (target: Target): void => {
    if (target.item?.type === "draft") return;
    if (target.item?.type === "session") {
      const { people } = target.item;
      setDraft(null);
      setOpened({ id: people[0]?.id ?? "", column: target.column.id, session: people.map((one) => one.id) });
      return;
    }
    if (target.item?.type === "appointment") {
      setDraft(null);
      setOpened({ id: target.item.appointment.id, column: target.column.id });
      return;
    }
    if (target.column.kind === "room") {
      notify({ text: "Une salle se réserve avec une séance collective.", tone: "warn" });
      return;
    }
    if (cut !== null) put(target);
    else book({ date, minute: target.minute, counsellor: target.column.id });
  };

  const putAt = (to: { date: string; minute: number; counsellor: string }, what = cut): void => {
    if (what === null) return;
    const there = `${to.date} ${String(to.minute)} ${to.counsellor}`;
    const seen = doubt?.place === there ? doubt.warnings.map((warning) => warning.code) : [];
    move(what, to, seen, {
      done: () => {
        setCut(null);
        setDoubt(null);
        setDate(to.date);
        focusLater.current = { column: to.counsellor, minute: to.minute };
      },
      doubt: (warnings) => {
        setDoubt({ place: there, warnings, refusal: null });
      },
      refused: (refusal) => {
        setDoubt({ place: there, warnings: [], refusal });
      },
    });
    lastPut.current = to;
  };

  const put = (target: Target): void => {
    if (target.column.kind !== "room") putAt({ date, minute: target.minute, counsellor: target.column.id });
  };

  const startCut = (appointment: AppointmentView): void => {
    setOpened(null);
    setDoubt(null);
    setCut(appointment);
    focusLater.current = { column: appointment.counsellor.id, minute: appointment.from_min };
    announce(`${titleOf(appointment)} coupé. Allez à un créneau libre et appuyez sur V.`);
  };

  const dropCut = (): void => {
    if (cut !== null) focusLater.current = { column: cut.counsellor.id, minute: cut.from_min };
    setCut(null);
    setDoubt(null);
    announce("Déplacement abandonné");
  };

  const gridKey = (chord: string, target: Target): boolean => {
    const appointment = target.item?.type === "appointment" ? target.item.appointment : null;
    if (appointment === null) {
      if (chord === "v" && cut !== null) {
        put(target);
        return true;
      }
      const gone = target.ghosts[0];
      if (chord === "d" && gone !== undefined) {
        setOpened({ id: gone.id, column: target.column.id });
        return true;
      }
      return false;
    }
    const status = STATUS_KEYS[chord];
    if (status !== undefined) setStatus(appointment, status);
    else if (chord === "x") startCut(appointment);
    else if (chord === "Delete") setCancelling(appointment);
    else return false;
    return true;
  };

  useAgendaKeys({
    step: (by) => {
      goTo(stepWorkday(date, by));
    },
    today: () => {
      goTo(today);
    },
    ask: () => {
      setGoing(true);
    },
    view: setView,
    column: (place) => {
      const column = day?.columns[place - 1];
      if (column === undefined) return;
      toggle(column.id);
      announce(`${column.name}, ${hidden.has(column.id) ? "montré" : "caché"}`);
    },
    drop: () => {
      if (cut === null) return false;
      dropCut();
      return true;
    },
  });

  const shownBlock = opened === null ? undefined : day?.blocks.find((block) => block.id === opened.id);
  const session = (opened?.session ?? []).flatMap((id) => day?.blocks.find((block) => block.id === id) ?? []);
  const drawnElement = (id: string): HTMLElement | null => grid.current?.element(id) ?? null;

  return (
    <Screen
      asideStays
      asideLabel="À l’accueil"
      aside={
        <DeskColumn
          today={running}
          onSeen={(appointment) => {
            setStatus(appointment, "attended");
          }}
          onTake={takeSlot}
          onShow={(on, appointment) => {
            setDraft(null);
            setView("day");
            setDate(on);
            setOpened({ id: appointment, column: "" });
          }}
        />
      }
    >
      <Work labelledBy="jour">
        <AgendaBar
          date={date}
          today={today}
          view={view}
          columns={day?.columns ?? NO_COLUMNS}
          hidden={hidden}
          onToggle={toggle}
          onView={setView}
          onDate={goTo}
          onBook={() => {
            const at = grid.current?.current();
            const column = at?.column.kind === "counsellor" ? at.column : shown[0];
            if (column) book({ date, minute: at?.minute ?? 9 * 60, counsellor: column.id });
          }}
        />
        {cut !== null && (
          <MoveLine
            moving={cut}
            doubt={doubt}
            onAnyway={() => {
              if (lastPut.current !== null) putAt(lastPut.current);
            }}
            onTake={(slot) => {
              putAt({ ...readLocal(slot.local), counsellor: slot.counsellor.id });
            }}
            onDrop={dropCut}
          />
        )}
        {day?.closed && (
          <div className={styles.closed}>
            <Note tone="info" icon="slash">
              <b>Centre fermé :</b> {day.closed}.
            </Note>
          </div>
        )}
        <div className={styles.area}>
          {layout === null || day === undefined ? (
            error === null ? (
              <Loading lines={8} />
            ) : (
              <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
            )
          ) : (
            <div className={styles.scroll} ref={setScroller} data-scroller>
              {view === "day" ? (
                <DayGrid
                  ref={grid}
                  day={day}
                  columns={shown}
                  keys={keys}
                  layout={layout}
                  nowMinute={isToday ? nowMinute : null}
                  now={instant}
                  cutId={cut?.id ?? null}
                  onOpen={open}
                  onMove={(appointment, { column, minute }) => {
                    if (column.kind === "room") return;
                    setOpened(null);
                    setDraft(null);
                    setDoubt(null);
                    setCut(appointment);
                    putAt({ date, minute, counsellor: column.id }, appointment);
                  }}
                  onKey={gridKey}
                />
              ) : (
                <DayList
                  day={day}
                  columns={shown}
                  onOpen={(appointment) => {
                    setView("day");
                    setOpened({ id: appointment.id, column: appointment.counsellor.id });
                  }}
                />
              )}
            </div>
          )}
          {draft !== null && drawn && view === "day" && (
            <BookingPanel
              draft={draft}
              counsellor={day.columns.find((column) => column.id === draft.counsellor)?.name ?? ""}
              anchor={() => drawnElement("draft")}
              onDraft={(next) => {
                if (next.date !== date) setDate(next.date);
                if (hidden.has(next.counsellor)) toggle(next.counsellor);
                setDraft(next);
              }}
              onClose={close}
              onBooked={(appointment) => {
                painting.current = appointment?.id ?? null;
                if (appointment !== null)
                  remember("agenda.day", { date: appointment.date }, (before) => ({
                    ...before,
                    blocks: [...before.blocks.filter((block) => block.id !== appointment.id), appointment],
                  }));
                close();
                const when =
                  appointment === null ? "" : `, ${dayAndHour(appointment.start, appointment.zone)}`;
                const word = appointment?.status === "held" ? "Créneau proposé" : "Rendez-vous posé";
                notify({ text: `${word}${when}`, tone: "good", undoable: true });
              }}
            />
          )}
          {shownBlock !== undefined && view === "day" && session.length > 0 && (
            <SessionPanel
              people={session}
              anchor={() => drawnElement(shownBlock.id)}
              onOpen={(id) => {
                setOpened({ id, column: opened?.column ?? "" });
              }}
              onClose={close}
            />
          )}
          {shownBlock !== undefined && view === "day" && session.length === 0 && (
            <AppointmentPanel
              key={shownBlock.id}
              shown={shownBlock}
              anchor={() => drawnElement(shownBlock.id)}
              anchorKey={`${shownBlock.id} ${String(shownBlock.from_min)} ${shownBlock.counsellor.id}`}
              onClose={close}
              verbs={{
                setStatus: (appointment, status) => {
                  close();
                  setStatus(appointment, status);
                },
                cancel: (appointment) => {
                  close();
                  setCancelling(appointment);
                },
                cut: startCut,
              }}
            />
          )}
        </div>
        <AgendaFoot />
      </Work>
      <CancelDialog
        appointment={cancelling}
        onClose={() => {
          setCancelling(null);
        }}
        onCancel={(reason) => {
          if (cancelling !== null) {
            focusLater.current = { column: cancelling.counsellor.id, minute: cancelling.from_min };
            setStatus(cancelling, "cancelled", reason);
          }
          setCancelling(null);
        }}
      />
      <GoToDay
        open={going}
        today={today}
        onClose={() => {
          setGoing(false);
        }}
        onGo={({ day: next, minute }) => {
          setGoing(false);
          goTo(next, minute);
          if (minute !== undefined) announce(`${dayName(next)}, ${hourOf(minute)}`);
        }}
      />
    </Screen>
  );
}
