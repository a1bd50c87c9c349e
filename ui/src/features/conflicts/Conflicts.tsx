import { useRef, useState, type ReactNode } from "react";
import { useRead, useWrite, type ConflictChoice, type ConflictView } from "~/shared/backend";
import { refusalOf, refusalText } from "~/shared/booking/warnings";
import { errorText } from "~/shared/errors";
import { dayAndHour } from "~/shared/format/dates";
import { plural } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useRouter, type Routes } from "~/shared/router/router";
import { useSession } from "~/shared/session/session";
import { KeyHints } from "~/shared/ui/KeyHints";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Bar, Foot, Screen, Work } from "~/shared/ui/Screen";
import { Segmented } from "~/shared/ui/Segmented";
import { ConflictCard } from "./ConflictCard";
import styles from "./Conflicts.module.css";
import { HeldDays } from "./HeldDays";
import { Outbox } from "./Outbox";
import { ReasonDialog } from "./ReasonDialog";
import { RemovedDesk } from "./RemovedDesk";
import { choicesOf } from "./choices";
import { useLeftByRemoved } from "./leftByRemoved";
import { besideText } from "./removed";
import { settledText, sideName } from "./words";

type State = "open" | "settled";

/** What central refused: two facts that cannot both be, side by side, and one key to settle each. Beside them what waits to be sent. */
export function Conflicts(): ReactNode {
  const { place } = useRouter();
  const { zone } = useSession();
  const { notify, announce } = useNotices();
  const [state, setState] = useState<State>("open");
  const [chosen, setChosen] = useState<string | null>(null);
  const [reasoning, setReasoning] = useState<ConflictView | null>(null);
  const [visit, setVisit] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  const { data, error } = useRead("conflicts.list", { state }, { keep: true });
  const open = useRead("conflicts.list", { state: "open" });
  const { mutate: resolve, isPending } = useWrite("conflicts.resolve");
  const beside = useLeftByRemoved();

  if (place.screen === "conflicts" && place.visit !== visit) {
    setVisit(place.visit);
    const wanted = (place.params as Routes["conflicts"]).conflict;
    if (wanted !== undefined) setChosen(wanted);
  }

  const conflicts = (data ?? []).filter((one) => one.state === state);
  const at = Math.max(
    0,
    conflicts.findIndex((one) => one.id === chosen),
  );
  const current = state === "open" ? conflicts[at] : undefined;

  const show = (id: string): void => {
    setChosen(id);
    const card = document.getElementById(`conflit-${id}`);
    card?.focus();
    card?.scrollIntoView({ block: "nearest" });
  };
  const walk = (step: 1 | -1): void => {
    const next = conflicts[at + step];
    if (next !== undefined) show(next.id);
  };

  const settle = (conflict: ConflictView, choice: Omit<ConflictChoice, "id">): void => {
    if (isPending) return;
    const next = conflicts[at + 1] ?? conflicts[at - 1] ?? null;
    resolve(
      { id: conflict.id, ...choice },
      {
        onSuccess: (done) => {
          setReasoning(null);
          const name = conflict.mine === null ? "" : sideName(conflict.mine);
          const moved = done.appointment;
          notify({
            text:
              choice.take === "slot" && moved !== null
                ? `Rendez-vous déplacé${name === "" ? "" : `, ${name}`}, ${dayAndHour(moved.start, moved.zone)}, ${moved.counsellor.name}`
                : settledText({ ...conflict, settled: choice.take }),
            tone: "good",
            undoable: done.undoable,
          });
          if (next !== null) show(next.id);
          else announce("Plus rien à régler");
        },
        onError: (failure) => {
          const refusal = refusalOf(failure.params, failure.code);
          const said = errorText(failure);
          notify({
            text:
              refusal.with === null
                ? said.text
                : `Impossible : ${refusalText(refusal, { counsellor: refusal.with.counsellor.name, zone })}`,
            tone: said.severity,
          });
        },
      },
    );
  };

  const choose = (conflict: ConflictView, key: string): boolean => {
    const choice = choicesOf(conflict).find((one) => one.key === key);
    if (choice === undefined) return false;
    if (choice.take === "mine") setReasoning(conflict);
    else settle(conflict, { take: choice.take, slot: choice.slot, reason: null });
    return true;
  };

  useShortcuts("Conflits", [
    {
      keys: ["1", "2", "3", "4", "5", "6", "7", "8"],
      shown: ["1", "8"],
      label: "Régler le conflit choisi",
      run: (event) => {
        const key = /^Digit([1-8])$/.exec(event.code)?.[1] ?? event.key;
        return current !== undefined && choose(current, key);
      },
    },
    {
      keys: "j",
      label: "Conflit suivant",
      run: () => {
        walk(1);
      },
    },
    {
      keys: "k",
      label: "Conflit précédent",
      run: () => {
        walk(-1);
      },
    },
  ]);

  const count = open.data?.filter((one) => one.state === "open").length ?? 0;
  return (
    <Screen
      asideLabel="À envoyer"
      aside={
        <>
          <Outbox />
          <RemovedDesk />
          <HeldDays />
        </>
      }
    >
      <Work labelledBy="conflits">
        <Bar
          end={
            <Segmented
              label="Afficher"
              value={state}
              options={[
                { value: "open", label: count > 0 ? `À régler ${String(count)}` : "À régler" },
                { value: "settled", label: "Réglés" },
              ]}
              onChange={setState}
            />
          }
        >
          <h1 id="conflits">Conflits</h1>
          <span className={styles.lead}>
            {count > 0
              ? `${String(count)} à régler. Rien n’est perdu : tout est gardé ici jusqu’à votre choix.`
              : beside > 0
                ? besideText(beside)
                : "Aucun conflit à régler."}
          </span>
        </Bar>
        <div
          ref={list}
          className={styles.list}
          role="region"
          aria-label={state === "open" ? "Conflits à régler" : "Conflits réglés"}
          tabIndex={-1}
        >
          {error !== null && data === undefined ? (
            <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
          ) : data === undefined ? (
            <Loading lines={6} />
          ) : conflicts.length === 0 ? (
            state === "open" ? (
              <EmptyState title={beside > 0 ? "Aucun conflit à ce poste." : "Aucun conflit."}>
                Quand le service refuse ce qui a été fait ici sans réseau, il vient ici avec les créneaux les
                plus proches. Rien ne se perd.
              </EmptyState>
            ) : (
              <EmptyState title="Aucun conflit réglé pour l’instant." />
            )
          ) : (
            conflicts.map((conflict) => (
              <ConflictCard
                key={conflict.id}
                conflict={conflict}
                current={conflict.id === current?.id}
                onCurrent={() => {
                  setChosen(conflict.id);
                }}
                onChoose={(key) => {
                  choose(conflict, key);
                }}
              />
            ))
          )}
        </div>
        <Foot>
          <KeyHints
            hints={[
              { keys: ["j", "k"], label: "conflit suivant, précédent" },
              { keys: ["1", "8"], label: "choisir, de 1 à 8" },
              { keys: "Ctrl+z", label: "revenir sur un choix, tant qu’il n’est pas envoyé" },
            ]}
          />
          {count > 1 && <span className="vh">{plural(count, "conflit")}</span>}
        </Foot>
      </Work>
      <ReasonDialog
        conflict={reasoning}
        onClose={() => {
          setReasoning(null);
        }}
        onReason={(reason) => {
          if (reasoning !== null) settle(reasoning, { take: "mine", slot: null, reason });
        }}
      />
    </Screen>
  );
}
