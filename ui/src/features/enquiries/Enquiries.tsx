import { useCallback, useRef, useState, type ReactNode } from "react";
import { useRead } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useRouter, type Routes } from "~/shared/router/router";
import { useNow, useSession } from "~/shared/session/session";
import { Button, IconButton } from "~/shared/ui/Button";
import { TextField } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Screen } from "~/shared/ui/Screen";
import { Segmented } from "~/shared/ui/Segmented";
import type { Wanted } from "./BookingDialog";
import { EnquiryList, focusLine, focusLineBehind } from "./EnquiryList";
import styles from "./Enquiries.module.css";
import { NewEnquiryDialog } from "./NewEnquiryDialog";
import { EnquiryWork } from "./EnquiryWork";
import { useAnswer } from "./useAnswer";
import { useArrivals, useInbox } from "./useInbox";
import { Side } from "./Side";
import { arrivalText } from "./words";

type View = "todo" | "waiting" | "closed" | "all";

const EMPTY: Record<View, [string, string]> = {
  todo: ["Rien à traiter.", "Les nouvelles demandes arrivent ici d’elles-mêmes."],
  waiting: ["Rien n’attend.", "Ici viennent les demandes reportées et celles qui attendent une famille."],
  closed: ["Aucune demande close.", "Une demande close, répondue ou devenue rendez-vous se retrouve ici."],
  all: ["Aucune demande.", "Les demandes arrivent ici d’elles-mêmes."],
};

/** The inbox: chat, mail, phone and counter in one list, oldest due first; the thread; who it is about and where to receive them. */
export function Enquiries(): ReactNode {
  const { zone } = useSession();
  const { instant } = useNow();
  const { place } = useRouter();
  const { announce } = useNotices();
  const [view, setView] = useState<View>("todo");
  const [typed, setTyped] = useState("");
  const [asking, setAsking] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const [opening, setOpening] = useState({ id: "", n: 0 });
  const [showing, setShowing] = useState<"list" | "detail">("list");
  const [still, setStill] = useState(false);
  const [noting, setNoting] = useState(false);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [visit, setVisit] = useState(-1);
  const search = useRef<HTMLInputElement>(null);

  const query = asking ? typed.trim() : "";
  const list = useRead("enquiries.list", query === "" ? { view } : { view: "all", query }, { keep: true });
  const todo = useRead("enquiries.list", { view: "todo" });
  const inbox = useInbox(list.data?.rows ?? [], `${view} ${query}`, still);
  const { rows } = inbox;

  useArrivals(todo.data?.rows, (arrived) => {
    announce(arrivalText(arrived, instant, zone));
  });

  const open = useCallback((id: string): void => {
    setChosen(id);
    setShowing("detail");
    setOpening((before) => ({ id, n: before.n + 1 }));
  }, []);

  /** Shows it without opening it, also when it was opened before: walking past takes nothing. */
  const look = (id: string | null): void => {
    setChosen(id);
    setOpening(({ n }) => ({ id: "", n }));
  };

  // What another screen, the palette or a notice asked to see.
  if (place.screen === "enquiries" && place.visit !== visit) {
    setVisit(place.visit);
    const wanted = (place.params as Routes["enquiries"]).enquiry;
    if (wanted !== undefined) open(wanted);
  }

  // The next one is ready: without a choice it is the first.
  const current = chosen ?? rows[0]?.id ?? null;
  const enquiry = useRead("enquiries.get", { id: current ?? "" }, { enabled: current !== null, keep: true });
  const shown = enquiry.data?.id === current ? enquiry.data : undefined;
  const draft = useAnswer(current ?? "");
  const at = rows.findIndex((row) => row.id === current);

  const walk = (step: 1 | -1, key: string): boolean => {
    // Arrows scroll what has the focus; they walk only from a line, or from nowhere.
    const focused = document.activeElement;
    const onLine = focused instanceof HTMLElement && focused.dataset["enquiry"] !== undefined;
    if (key.startsWith("Arrow") && !onLine && focused !== document.body) return false;
    const next = rows[at < 0 ? 0 : at + step];
    if (next === undefined) return true;
    look(next.id);
    focusLine(next.id);
    return true;
  };

  /** What comes after this one, once it has left the list. */
  const leave = (): void => {
    const next = rows[at + 1] ?? rows[at - 1] ?? null;
    look(next?.id ?? null);
    setShowing("list");
    if (next !== null) focusLineBehind(next.id);
  };

  useShortcuts("Demandes", [
    { keys: ["j", "ArrowDown"], label: "Demande suivante", run: (event) => walk(1, event.key) },
    { keys: ["k", "ArrowUp"], label: "Demande précédente", run: (event) => walk(-1, event.key) },
    {
      keys: "Enter",
      label: "Ouvrir et prendre en charge",
      run: () => {
        // On a button or a link Enter presses it; here it is for a line, or for nothing in particular.
        const focused = document.activeElement;
        const line = focused instanceof HTMLElement ? focused.dataset["enquiry"] : undefined;
        if (line === undefined && focused?.matches("button, a, summary") === true) return false;
        const wanted = line ?? current;
        if (wanted === null) return false;
        open(wanted);
        return true;
      },
    },
    {
      keys: "n",
      label: "Noter une demande",
      run: () => {
        setNoting(true);
      },
    },
    {
      keys: "/",
      label: "Chercher dans les demandes",
      run: () => {
        setAsking(true);
        requestAnimationFrame(() => search.current?.focus());
      },
    },
  ]);

  const counts = list.data ?? todo.data;
  const count = (value: number | undefined): string => (value === undefined ? "" : ` ${String(value)}`);
  const [emptyTitle, emptyText] =
    query === ""
      ? EMPTY[view]
      : ["Rien ne correspond.", "Cherchez un nom, un mot de la question ou une référence."];

  return (
    <div className={styles.screen} data-showing={showing}>
      <Screen
        asideLabel="Autour de la demande"
        aside={
          shown === undefined ? (
            current === null ? null : (
              <Loading />
            )
          ) : (
            <Side
              key={shown.id}
              view={shown}
              draft={draft}
              onBook={(slot) => {
                setWanted({ slot, kind: draft.kind });
              }}
            />
          )
        }
      >
        <div className={styles.inbox}>
          <section className={styles.column} aria-labelledby="demandes">
            <div className={styles.head}>
              <h1 id="demandes">Demandes</h1>
              <div className={styles.headEnd}>
                <button
                  type="button"
                  className={styles.backToList}
                  onClick={() => {
                    setShowing("list");
                    if (current !== null)
                      requestAnimationFrame(() => {
                        focusLine(current);
                      });
                  }}
                >
                  <Icon name="left" />
                  Liste, {counts === undefined ? "" : `${String(counts.todo)} à traiter`}
                </button>

                <IconButton
                  icon="search"
                  label="Chercher dans les demandes"
                  aria-expanded={asking}
                  onClick={() => {
                    setAsking(!asking);
                    if (!asking) requestAnimationFrame(() => search.current?.focus());
                  }}
                />
                <Button
                  small
                  icon="plus"
                  shortcut="n"
                  onClick={() => {
                    setNoting(true);
                  }}
                >
                  Noter
                </Button>
              </div>
            </div>
            <div className={styles.filters}>
              {asking ? (
                <TextField
                  ref={search}
                  type="search"
                  label="Chercher dans les demandes"
                  labelHidden
                  placeholder="Nom, mot de la question, référence"
                  value={typed}
                  onChange={(event) => {
                    setTyped(event.target.value);
                  }}
                  onKeyDown={(event) => {
                    if (event.key !== "Escape") return;
                    setAsking(false);
                    setTyped("");
                  }}
                />
              ) : (
                <Segmented
                  label="Afficher"
                  value={view}
                  options={[
                    { value: "todo", label: `À traiter${count(counts?.todo)}` },
                    { value: "waiting", label: `En attente${count(counts?.waiting)}` },
                    { value: "closed", label: "Closes" },
                  ]}
                  onChange={(next) => {
                    setView(next);
                    look(null);
                  }}
                />
              )}
            </div>
            {list.error !== null && list.data === undefined ? (
              <EmptyState title={errorText(list.error).text}>{errorText(list.error).next}</EmptyState>
            ) : list.data === undefined ? (
              <Loading lines={6} />
            ) : rows.length === 0 && inbox.held === 0 ? (
              <EmptyState title={emptyTitle}>{emptyText}</EmptyState>
            ) : (
              <EnquiryList
                rows={rows}
                view={query === "" ? view : "all"}
                current={current}
                held={inbox.held}
                onLetIn={inbox.let}
                onOpen={(row) => {
                  open(row.id);
                }}
                onStill={setStill}
              />
            )}
          </section>
          <section className={styles.work} aria-label="Demande ouverte">
            {shown !== undefined ? (
              <EnquiryWork
                key={shown.id}
                view={shown}
                draft={draft}
                opening={opening.id === shown.id ? opening.n : 0}
                wanted={wanted}
                onWanted={setWanted}
                onLeave={leave}
              />
            ) : enquiry.error !== null && current !== null ? (
              <EmptyState title={errorText(enquiry.error).text}>{errorText(enquiry.error).next}</EmptyState>
            ) : current === null ? (
              <EmptyState title="Aucune demande ouverte.">
                Choisissez-en une dans la liste, ou notez celle qui arrive au téléphone.
              </EmptyState>
            ) : (
              <Loading lines={6} />
            )}
          </section>
        </div>
      </Screen>
      <NewEnquiryDialog
        open={noting}
        onClose={() => {
          setNoting(false);
        }}
        onOpened={(id) => {
          // One's own act is no surprise: it comes in even under the pointer.
          inbox.let();
          setView("todo");
          open(id);
        }}
      />
    </div>
  );
}
