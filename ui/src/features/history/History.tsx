import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useRead, useWrite, type UndoItem } from "~/shared/backend";
import {
  deedText,
  inTheWayText,
  standsInTheWay,
  stepAbout,
  stepHour,
  stepStateText,
  undoneText,
} from "~/shared/deeds/words";
import { errorText } from "~/shared/errors";
import { civil, dayNear, dayName } from "~/shared/format/dates";
import { cx, french, plural } from "~/shared/format/text";
import { useNow, useSession } from "~/shared/session/session";
import { Dialog } from "~/shared/ui/Dialog";
import { Icon } from "~/shared/ui/Icon";
import { KeyHints } from "~/shared/ui/KeyHints";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Segmented } from "~/shared/ui/Segmented";
import styles from "./History.module.css";
import { byDay } from "./days";

type Whose = "mine" | "all";

/** What was done at this desk, day by day; each step can be taken back while nothing stands on it. */
export function History({ open, onClose }: { open: boolean; onClose: () => void }): ReactNode {
  return (
    <Dialog title="Historique de ce poste" open={open} onClose={onClose} wide>
      <Steps />
    </Dialog>
  );
}

function Steps(): ReactNode {
  const { zone } = useSession();
  const { today } = useNow();
  const [whose, setWhose] = useState<Whose>("mine");
  const [at, setAt] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const read = useRead("undo.list", { limit: 200 }, { keep: true });
  const { mutate, isPending } = useWrite("undo.step");
  const items = (read.data ?? []).filter((item) => whose === "all" || item.mine);
  const current = items.find((item) => item.id === at) ?? items[0];

  const there = items.length > 0;
  useEffect(() => {
    if (there) list.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }, [there]);

  const walk = (event: KeyboardEvent): void => {
    const index = items.findIndex((item) => item.id === current?.id);
    const targets: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: items.length - 1,
    };
    const next = items[targets[event.key] ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    setAt(next.id);
    list.current?.querySelector<HTMLElement>(`[data-step="${next.id}"]`)?.focus();
  };

  const takeBack = (item: UndoItem): void => {
    if (isPending) return;
    const closed = stepStateText(item);
    if (closed !== null) {
      setSaid(`${deedText(item.kind, item.status)}\u00a0: ${closed}.`);
      return;
    }
    mutate(
      { id: item.id },
      {
        onSuccess: (done) => {
          setSaid(undoneText(done.undone ?? item));
        },
        onError: (error) => {
          setSaid(
            standsInTheWay(error.code)
              ? french(`Cela ne s'annule plus : ${inTheWayText(error.code)}.`)
              : errorText(error).text,
          );
        },
      },
    );
  };

  if (read.error !== null && read.data === undefined) {
    const { text, next } = errorText(read.error);
    return <EmptyState title={text}>{next}</EmptyState>;
  }
  return (
    <>
      <div className={styles.bar}>
        <Segmented
          label="Qui"
          value={whose}
          options={[
            { value: "mine", label: "Moi" },
            { value: "all", label: "Tout le poste" },
          ]}
          onChange={setWhose}
        />
        <span className="sub">{items.length > 0 && plural(items.length, "action")}</span>
      </div>
      {read.data === undefined ? (
        <Loading lines={6} />
      ) : items.length === 0 ? (
        <EmptyState title="Rien n’a encore été fait ici.">
          Ce qui est posé, noté ou modifié à ce poste vient ici, et peut s’annuler.
        </EmptyState>
      ) : (
        <div ref={list} className={styles.scroll} role="group" aria-label="Actions" onKeyDown={walk}>
          {byDay(items, (item) => civil(item.at, zone).day).map(([day, steps]) => (
            <section key={day} aria-label={dayName(day)}>
              <h3>{dayNear(day, today)}</h3>
              <ol className={styles.steps}>
                {steps.map((item) => (
                  <li key={item.id}>
                    <Step
                      item={item}
                      zone={zone}
                      byName={whose === "all"}
                      current={item.id === current?.id}
                      onPress={() => {
                        setAt(item.id);
                        takeBack(item);
                      }}
                    />
                  </li>
                ))}
              </ol>
            </section>
          ))}
        </div>
      )}
      <p className={styles.said} role="status">
        {said}
      </p>
      <KeyHints
        hints={[
          { keys: ["ArrowUp", "ArrowDown"], label: "parcourir" },
          { keys: "Enter", label: "annuler cette action" },
        ]}
      />
    </>
  );
}

function Step({
  item,
  zone,
  byName,
  current,
  onPress,
}: {
  item: UndoItem;
  zone: string;
  byName: boolean;
  current: boolean;
  onPress: () => void;
}): ReactNode {
  const closed = stepStateText(item);
  return (
    <button
      type="button"
      data-step={item.id}
      className={cx(styles.step, closed !== null && styles.closed)}
      tabIndex={current ? 0 : -1}
      aria-disabled={closed !== null}
      onClick={onPress}
    >
      <span className="num">{stepHour(item, zone)}</span>
      <span className={styles.what}>
        <b>{deedText(item.kind, item.status)}</b>
        <span>{[stepAbout(item, zone), byName ? item.by : null].filter(Boolean).join(" · ")}</span>
      </span>
      <span className={styles.state}>
        {closed ?? (
          <>
            <Icon name="undo" small />
            Annuler
          </>
        )}
      </span>
    </button>
  );
}
