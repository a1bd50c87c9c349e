import { useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { useRead, type AppointmentView, type DayColumn, type SlotView, type Status } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { dayName, hourOf, mondayOf, type Day } from "~/shared/format/dates";
import { useNotices } from "~/shared/notices/notices";
import { useRouter } from "~/shared/router/router";
import { useNow, useSession } from "~/shared/session/session";
import { Note } from "~/shared/ui/Note";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Screen, Work } from "~/shared/ui/Screen";
import styles from "./Agenda.module.css";
import { AgendaBar } from "./AgendaBar";
import { AgendaDialogs, type Asked } from "./AgendaDialogs";
import { AgendaFoot } from "./AgendaFoot";
import type { CallPlace } from "./CallList";
import { DeskColumn } from "./DeskColumn";
import { atSlot, newDraft, newPersonFrom, type Draft, forWalkIn } from "./draft";
import { EndOfDay } from "./EndOfDay";
import { gridOfDay, gridOfWeek } from "./grid/column";
import { TimeGrid, useOpeningScroll, type Target, type TimeGridHandle } from "./grid/TimeGrid";
import { GridPanels } from "./GridPanels";
import { MeetingList } from "./list/MeetingList";
import { LateDay } from "./LateDay";
import { MoveLine } from "./MoveLine";
import { useAgendaKeys } from "./useAgendaKeys";
import { placeOf, useAppointmentActions, type Place } from "./useAppointmentActions";
import { useColumns } from "./useColumns";
import { useIntent } from "./useIntent";
import { useLayout } from "./useLayout";
import { useMoving } from "./useMoving";
import { useNextFree } from "./useNextFree";
import { MonthView } from "./overview/MonthView";
import { WeekLoad } from "./overview/WeekLoad";
import { usePanels } from "./usePanels";
import { EVERYBODY, useWeekPerson } from "./useWeekPerson";
import { stepOf, titleOfView, type ListSpan, type View } from "./views";

const STATUS_KEYS: Record<string, Status> = { a: "arrived", v: "attended", m: "no_show", e: "excused" };
const NO_COLUMNS: DayColumn[] = [];

export function Agenda(): ReactNode {
  const { office } = useSession();
  const { place } = useRouter();
  const { instant, today, minute } = useNow();
  const { notify, announce } = useNotices();
  const { setStatus } = useAppointmentActions();

  const params = place.screen === "agenda" ? (place.params as { date?: string }) : {};
  const [date, setDate] = useState(params.date || today);
  const [view, setView] = useState<View>("day");
  const [span, setSpan] = useState<ListSpan>("day");
  const [asked, setAsked] = useState<Asked>(null);
  const [calling, setCalling] = useState<CallPlace | null>(null);
  const grid = useRef<TimeGridHandle>(null);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);

  const { data: day, error } = useRead("agenda.day", { date }, { keep: true });
  const { data: running } = useRead("agenda.day", { date: today }, { every: 60_000 });
  const all = day?.columns ?? NO_COLUMNS;
  const columns = useColumns(all);
  const { hidden, shown, keys, toggle } = columns;
  const people = useMemo(() => all.filter((column) => column.kind === "counsellor"), [all]);
  const [person, setPerson] = useWeekPerson(people);
  const ofPerson = view === "week" && person !== EVERYBODY;
  const week = useRead(
    "agenda.week",
    { date: mondayOf(date), counsellor: person },
    { keep: true, enabled: ofPerson },
  );

  const days = useMemo(() => {
    if (view === "day") return day && gridOfDay(day, shown, keys, today);
    return ofPerson ? week.data && gridOfWeek(week.data, today) : undefined;
  }, [view, ofPerson, day, shown, keys, week.data, today]);
  const settled = view === "day" ? day?.date === date : !week.isPlaceholderData;
  const panels = usePanels(grid, settled ? days : undefined, asked !== null);
  const { draft, setDraft, setOpened, close, focusAt } = panels;

  const layout = useLayout(days, draft, { date: today, minute });

  const runs = days?.columns.some((column) => column.today) ?? false;
  useOpeningScroll(
    scroller,
    days?.key ?? "",
    layout === null || !runs ? null : Math.floor((minute - layout.from) / 15),
  );

  /** Where somebody's hour on a date is seen: in their week when weeks are shown, else on the day. */
  const showAt = useCallback(
    (on: Day, counsellor: string) => {
      setDate(on);
      if (hidden.has(counsellor)) toggle(counsellor);
      if (view === "week" && person !== EVERYBODY && people.some((one) => one.id === counsellor))
        setPerson(counsellor);
      else setView("day");
    },
    [hidden, toggle, view, person, people, setPerson],
  );

  const moved = (to: Place): void => {
    showAt(to.date, to.counsellor);
    focusAt({ date: to.date, column: to.counsellor, minute: to.minute });
  };
  const moving = useMoving({
    moved,
    stays: (appointment) => {
      setOpened(null);
      // Cut on another day than the one in view: the keyboard stays on what is in view.
      const there = days?.columns.some((column) => column.date === appointment.date) ?? false;
      const on = there ? appointment.date : (days?.columns[0]?.date ?? date);
      focusAt({ date: on, column: appointment.counsellor.id, minute: appointment.from_min });
    },
  });

  const goTo = useCallback(
    (next: Day, at?: number) => {
      setDraft(null);
      setOpened(null);
      setDate(next);
      announce(titleOfView(view, span, next, today));
      if (at !== undefined)
        focusAt({ date: next, column: view === "week" ? person : (shown[0]?.id ?? ""), minute: at });
    },
    [announce, shown, view, span, today, person, setDraft, setOpened, focusAt],
  );

  const book = useCallback(
    (start: { date: string; minute: number; counsellor: string }, kindId?: string): Draft | null => {
      const kind = office.kinds.find((one) => one.id === kindId) ?? office.kinds[0];
      if (kind === undefined) return null;
      const made = newDraft(start, kind);
      setOpened(null);
      showAt(start.date, start.counsellor);
      setDraft(made);
      return made;
    },
    [office.kinds, showAt, setDraft, setOpened],
  );

  const takeSlot = useCallback(
    (slot: SlotView, kind?: string): Draft | null => {
      const start = { date: slot.local.slice(0, 10), minute: 0, counsellor: slot.counsellor.id };
      const made = book(start, kind);
      const placed = made === null ? null : atSlot(made, slot);
      setDraft(placed);
      return placed;
    },
    [book, setDraft],
  );

  const bookNext = useNextFree({
    take: takeSlot,
    otherwise: (kind) => book({ date: today, minute: 9 * 60, counsellor: shown[0]?.id ?? "" }, kind),
  });

  const showMeeting = (on: Day, id: string): void => {
    setDraft(null);
    setView("day");
    setDate(on);
    setOpened({ id, column: "" });
  };

  const sweep = (): void => {
    setAsked({ what: "sweep" });
  };

  useIntent({ today, goTo, book, bookNext, setDraft, showMeeting, sweep, call: setCalling });

  const open = (target: Target): void => {
    const { item, column } = target;
    if (item?.type === "draft") return;
    if (item?.type === "session") {
      setDraft(null);
      setOpened({
        id: item.people[0]?.id ?? "",
        column: column.id,
        session: item.people.map((one) => one.id),
      });
    } else if (item?.type === "appointment") {
      setDraft(null);
      setOpened({ id: item.appointment.id, column: column.id });
    } else if (column.kind === "room") {
      notify({ text: "Une salle se réserve avec une séance collective.", tone: "warn" });
    } else {
      const there = { date: target.date, minute: target.minute, counsellor: column.id };
      if (moving.cut !== null) moving.put(there);
      else book(there);
    }
  };

  const onMeeting = (chord: string, appointment: AppointmentView): boolean => {
    const status = STATUS_KEYS[chord];
    if (status !== undefined) setStatus(appointment, status);
    else if (chord === "x") moving.start(appointment);
    else if (chord === "Delete") setAsked({ what: "cancel", appointment });
    else return false;
    return true;
  };

  /** A session is named by the meeting that is itself, else by the first of those who come. */
  const moveSession = (session: readonly AppointmentView[]): void => {
    const named = session.find((one) => !one.seat) ?? session[0];
    if (named !== undefined) moving.start(named, true);
  };

  const gridKey = (chord: string, target: Target): boolean => {
    if (target.item?.type === "session") {
      if (chord === "x") moveSession(target.item.people);
      else if (chord === "Delete") setAsked({ what: "end", people: target.item.people });
      else return false;
      return true;
    }
    if (target.item?.type === "appointment") return onMeeting(chord, target.item.appointment);
    if (chord === "v" && moving.cut !== null && target.column.kind !== "room") {
      moving.put({ date: target.date, minute: target.minute, counsellor: target.column.id });
      return true;
    }
    const gone = target.ghosts[0];
    if (chord !== "d" || gone === undefined) return false;
    setOpened({ id: gone.id, column: target.column.id });
    return true;
  };

  const step = (by: 1 | -1): void => {
    goTo(stepOf(view, span, date, by));
  };
  const look = (next: View): void => {
    if (next === view) return;
    close();
    setView(next);
    announce(titleOfView(next, span, date, today));
  };

  useAgendaKeys({
    step,
    today: () => {
      goTo(today);
    },
    ask: () => {
      setAsked({ what: "date" });
    },
    next: () => {
      bookNext(ofPerson ? { counsellor: person } : {});
    },
    sweep,
    view: look,
    column: (digit) => {
      if (view === "week") {
        const next = digit === 0 ? undefined : people[digit - 1];
        if (digit !== 0 && next === undefined) return;
        close();
        setPerson(next?.id ?? EVERYBODY);
        announce(next?.name ?? "Tous les conseillers");
        return;
      }
      if (digit === 0) {
        columns.showAll();
        announce("Toutes les colonnes");
        return;
      }
      const column = all[digit - 1];
      if (column === undefined) return;
      toggle(column.id);
      announce(`${column.name}, ${hidden.has(column.id) ? "montré" : "caché"}`);
    },
    group: (digit) => {
      const group = columns.groups[digit - 1];
      if (group === undefined) return false;
      columns.showGroup(group);
      announce(`Groupe ${group.name}`);
      return true;
    },
    drop: moving.drop,
  });

  const failure = view === "day" ? error : week.error;
  return (
    <Screen
      asideStays
      asideLabel="À l’accueil"
      aside={
        <DeskColumn
          today={running}
          client={draft?.client ?? null}
          calling={calling}
          onCall={(place) => {
            setDraft(null);
            setCalling(place);
            if (place !== null) return;
            const at = grid.current?.current();
            if (at) focusAt({ date: at.date, column: at.column.id, minute: at.minute });
          }}
          onCalled={(appointment) => {
            setCalling(null);
            if (appointment !== null) moved(placeOf(appointment));
          }}
          onWalkIn={(walkIn) => {
            bookNext({
              fill: (made) => {
                setDraft(forWalkIn(made, walkIn));
              },
            });
          }}
          onSeen={(appointment) => {
            setStatus(appointment, "attended");
          }}
          onTake={takeSlot}
        />
      }
    >
      <Work labelledBy="jour">
        <AgendaBar
          title={titleOfView(view, span, date, today)}
          date={date}
          holiday={
            view === "day"
              ? (day?.holiday ?? null)
              : ofPerson
                ? (week.data?.days.find((one) => one.holiday !== null)?.holiday ?? null)
                : null
          }
          view={view}
          onView={look}
          onStep={step}
          onToday={() => {
            goTo(today);
          }}
          all={all}
          columns={columns}
          people={people}
          person={person}
          onPerson={setPerson}
          onBook={() => {
            const at = grid.current?.current();
            const column = at?.column.kind === "counsellor" ? at.column : shown[0];
            if (column) book({ date: at?.date ?? date, minute: at?.minute ?? 9 * 60, counsellor: column.id });
          }}
        />
        <EndOfDay today={running} onSweep={sweep} />
        {moving.cut !== null && (
          <MoveLine
            moving={moving.cut}
            doubt={moving.doubt}
            onAnyway={moving.anyway}
            onTake={moving.take}
            onDrop={moving.drop}
          />
        )}
        {view === "day" && day?.closed && (
          <div className={styles.closed}>
            <Note tone="info" icon="slash">
              <b>Centre fermé :</b> {day.closed}.
            </Note>
          </div>
        )}
        <div className={styles.area}>
          {view === "month" ? (
            <div className={styles.scroll}>
              <MonthView
                date={date}
                shown={shown}
                onDate={setDate}
                onOpen={(on) => {
                  setView("day");
                  setDate(on);
                  focusAt({
                    date: on,
                    column: shown[0]?.id ?? "",
                    minute: on === today ? minute : 8 * 60 + 30,
                  });
                }}
              />
            </div>
          ) : view === "week" && !ofPerson ? (
            <div className={styles.scroll}>
              <WeekLoad
                date={date}
                shown={shown}
                onOpen={(whose, on, at) => {
                  setPerson(whose);
                  setDate(on);
                  focusAt({ date: on, column: whose, minute: at });
                }}
              />
            </div>
          ) : view === "list" ? (
            <MeetingList
              date={date}
              span={span}
              onSpan={setSpan}
              people={people}
              onKey={(chord, appointment) => {
                if (chord === "x") showAt(appointment.date, appointment.counsellor.id);
                return onMeeting(chord, appointment);
              }}
              onOpen={(appointment) => {
                showMeeting(appointment.date, appointment.id);
              }}
            />
          ) : layout === null || days === undefined ? (
            failure === null ? (
              <Loading lines={8} />
            ) : (
              <EmptyState title={errorText(failure).text}>{errorText(failure).next}</EmptyState>
            )
          ) : (
            <>
              <div className={styles.scroll} ref={setScroller} data-scroller>
                <TimeGrid
                  ref={grid}
                  label={days.label}
                  columns={days.columns}
                  layout={layout}
                  now={{ date: today, minute, instant }}
                  cutId={moving.cut?.id ?? null}
                  onOpen={open}
                  onMove={(appointment, to) => {
                    if (to.column.kind === "room") return;
                    setOpened(null);
                    setDraft(null);
                    moving.carry(appointment, { date: to.date, minute: to.minute, counsellor: to.column.id });
                  }}
                  onKey={gridKey}
                />
              </div>
              {!settled && <LateDay failure={failure} />}
              <GridPanels
                grid={grid}
                days={days}
                panels={panels}
                nameOf={(id) => all.find((column) => column.id === id)?.name ?? ""}
                onDraft={(next) => {
                  if (next.date !== draft?.date || next.counsellor !== draft.counsellor)
                    showAt(next.date, next.counsellor);
                  setDraft(next);
                }}
                verbs={{
                  setStatus: (appointment, status) => {
                    close();
                    setStatus(appointment, status);
                  },
                  cancel: (appointment) => {
                    close();
                    setAsked({ what: "cancel", appointment });
                  },
                  cut: (appointment) => {
                    moving.start(appointment);
                  },
                }}
                sessionVerbs={{
                  setStatus,
                  move: moveSession,
                  cancel: (session) => {
                    close();
                    setAsked({ what: "end", people: session });
                  },
                  addNew: (session, typed) => {
                    const first = session.find((one) => !one.seat) ?? session[0];
                    if (first === undefined) return;
                    const { date: on, from_min, counsellor, kind } = first;
                    const made = book({ date: on, minute: from_min, counsellor: counsellor.id }, kind.id);
                    if (made !== null)
                      setDraft({
                        ...made,
                        minutes: first.to_min - from_min,
                        site: first.site,
                        newPerson: newPersonFrom(typed),
                      });
                  },
                }}
              />
            </>
          )}
        </div>
        <AgendaFoot view={view} counts={view === "month" || (view === "week" && !ofPerson)} />
      </Work>
      <AgendaDialogs
        asked={asked}
        today={today}
        onClose={() => {
          setAsked(null);
        }}
        onCancel={(appointment, reason) => {
          const { date: on, counsellor, from_min } = appointment;
          focusAt({ date: on, column: counsellor.id, minute: from_min });
          setStatus(appointment, "cancelled", reason);
        }}
        onGo={(next, at) => {
          goTo(next, at);
          if (at !== undefined) announce(`${dayName(next)}, ${hourOf(at)}`);
        }}
        onShow={(appointment) => {
          showMeeting(appointment.date, appointment.id);
        }}
      />
    </Screen>
  );
}
