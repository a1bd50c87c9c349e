import { useEffect, useRef, useState, type ReactNode } from "react";
import {
  useRead,
  useWrite,
  type ClientComparison,
  type ClientField,
  type ClientView,
} from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { dayAndHour } from "~/shared/format/dates";
import { cx, french, phone, plural } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { KeyHints } from "~/shared/ui/KeyHints";
import { Note } from "~/shared/ui/Note";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Bar, Foot } from "~/shared/ui/Screen";
import { RELATIONS } from "~/shared/words";
import styles from "./Compare.module.css";
import { comparedFields, movingText, type ComparedField } from "./compare";

function nameOf(client: ClientView): string {
  return `${client.given_name} ${client.family_name}`.trim();
}

/** Two records side by side, and what is kept of each when they become one. Nothing is lost: it is said before. */
export function Compare({
  first,
  second,
  onClose,
  onMerged,
}: {
  /** The record that goes on unless the person turns it round. */
  first: string;
  second: string;
  onClose: () => void;
  onMerged: (id: string) => void;
}): ReactNode {
  const [turned, setTurned] = useState(false);
  const [into, id] = turned ? [second, first] : [first, second];
  const { data, error } = useRead("clients.compare", { id, into });
  if (error !== null) return <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>;
  if (data === undefined) return <Loading lines={8} />;
  return (
    <Comparison
      key={id}
      comparison={data}
      onTurn={() => {
        setTurned(!turned);
      }}
      onClose={onClose}
      onMerged={onMerged}
    />
  );
}

function Comparison({
  comparison,
  onTurn,
  onClose,
  onMerged,
}: {
  comparison: ClientComparison;
  onTurn: () => void;
  onClose: () => void;
  onMerged: (id: string) => void;
}): ReactNode {
  const { ended, target, refusal } = comparison;
  const [take, setTake] = useState<ReadonlySet<ClientField>>(new Set());
  const { notify, announce } = useNotices();
  const { mutate, isPending } = useWrite("clients.merge");
  const form = useRef<HTMLFormElement>(null);
  const fields = comparedFields(comparison);
  const differing = fields.filter((one) => one.differs);
  const moving = movingText(comparison);

  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>("input[type='radio']:checked");
    (first ?? form.current?.querySelector<HTMLElement>("button[type='submit']"))?.focus();
  }, []);

  const merge = (): void => {
    if (isPending) return;
    if (refusal !== null) {
      const said = errorText(refusal);
      notify({ text: `${said.text} ${said.next}`, tone: said.severity });
      return;
    }
    mutate(
      { id: ended.id, into: target.id, take: [...take] },
      {
        onSuccess: (done) => {
          notify({ text: `Fiches réunies, ${nameOf(target)}`, tone: "good", undoable: done.undoable });
          onMerged(target.id);
        },
        onError: (error) => {
          const said = errorText(error);
          notify({ text: `${said.text} ${said.next}`, tone: said.severity });
        },
      },
    );
  };
  const turn = (): void => {
    announce(`Garder la fiche de ${nameOf(ended)}`);
    onTurn();
  };

  useShortcuts(
    "Comparer deux fiches",
    [
      { keys: "i", label: "Garder l’autre fiche", run: turn },
      { keys: "Ctrl+Enter", label: "Réunir les deux fiches", whileTyping: true, run: merge },
      { keys: "Escape", label: "Revenir sans réunir", whileTyping: true, run: onClose },
      {
        keys: ["ArrowLeft", "ArrowRight"],
        label: "Choisir l’une ou l’autre valeur",
        local: true,
        run: () => false,
      },
    ],
    "panel",
  );

  return (
    <form
      ref={form}
      className={styles.form}
      aria-label="Comparer deux fiches"
      onSubmit={(event) => {
        event.preventDefault();
        merge();
      }}
    >
      <Bar
        end={
          <>
            <Button tone="quiet" onClick={onClose}>
              Revenir sans réunir
            </Button>
            <Button tone="primary" submit icon="merge" shortcut="Ctrl+Enter" disabled={isPending}>
              Réunir les deux fiches
            </Button>
          </>
        }
      >
        <h2 className={styles.title}>Une personne, deux fiches ?</h2>
      </Bar>
      <div className={styles.scroll}>
        {refusal !== null && (
          <Note tone="bad" live>
            <b>{errorText(refusal).text}</b> {errorText(refusal).next}
            {refusal.with !== null && (
              <>
                {" "}
                {french(
                  `En cause : ${dayAndHour(refusal.with.start, refusal.with.zone)}, ${refusal.with.counsellor.name}.`,
                )}
              </>
            )}
          </Note>
        )}
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">
                <span className="vh">Champ</span>
              </th>
              <th scope="col">
                <span className={styles.role}>Fiche gardée</span>
                <b>{nameOf(target)}</b>
              </th>
              <th scope="col">
                <span className={styles.role}>Fiche réunie à celle-ci</span>
                <b>{nameOf(ended)}</b>
              </th>
            </tr>
          </thead>
          <tbody>
            {fields.map((one) => (
              <Field
                key={one.field}
                field={one}
                taken={take.has(one.field)}
                onTake={(taken) => {
                  const next = new Set(take);
                  if (taken) next.add(one.field);
                  else next.delete(one.field);
                  setTake(next);
                }}
              />
            ))}
            <tr>
              <th scope="row">Responsables</th>
              <td>
                <Guardians client={target} />
              </td>
              <td>
                <Guardians client={ended} />
              </td>
            </tr>
          </tbody>
        </table>
        <section className={styles.outcome} aria-label="Ce qui va se passer">
          <h3>Ce qui va se passer</h3>
          <ul>
            <li>
              <Icon name="arrow" small />
              {moving === null
                ? "Aucun rendez-vous ni demande ne change de fiche."
                : french(
                    `${moving} ${comparison.appointments + comparison.enquiries > 1 ? "passent" : "passe"} sur la fiche de ${nameOf(target)}.`,
                  )}
            </li>
            <li>
              <Icon name="users" small />
              {comparison.guardians.length === 0
                ? "Aucun responsable n’est noté."
                : french(
                    `${plural(comparison.guardians.length, "responsable")} : ${comparison.guardians.map((one) => `${one.given_name} ${one.family_name}`.trim()).join(", ")}.`,
                  )}
            </li>
            <li>
              <Icon name="search" small />
              L’ancien nom et les anciens numéros continuent de la trouver.
            </li>
            <li>
              <Icon name="undo" small />
              La fusion s’annule : les deux fiches redeviennent ce qu’elles étaient.
            </li>
          </ul>
        </section>
        <div>
          <Button icon="sync" shortcut="i" onClick={turn}>
            Garder plutôt l’autre fiche
          </Button>
        </div>
      </div>
      <Foot>
        <KeyHints
          hints={[
            ...(differing.length > 0
              ? [
                  { keys: "Tab", label: "champ suivant" },
                  { keys: ["ArrowLeft", "ArrowRight"], label: "choisir" },
                ]
              : []),
            { keys: "i", label: "garder l’autre" },
            { keys: "Ctrl+Enter", label: "réunir" },
            { keys: "Escape", label: "revenir" },
          ]}
        />
      </Foot>
    </form>
  );
}

/** One field: two values to choose from where both are known and differ; else what is kept, as it is. */
function Field({
  field,
  taken,
  onTake,
}: {
  field: ComparedField;
  taken: boolean;
  onTake: (taken: boolean) => void;
}): ReactNode {
  const { label, ended, target, differs } = field;
  const side = (value: string | null, own: boolean): ReactNode => {
    if (value === null) return <span className="sub">non connu</span>;
    if (!differs)
      return (
        <span className={cx(styles.value, !own && target !== null && styles.same)}>
          {value}
          {!own && target === null && <span className={styles.mark}>repris</span>}
        </span>
      );
    return (
      <label className={styles.choice}>
        <input
          type="radio"
          name={field.field}
          checked={own !== taken}
          aria-label={french(`${label} : ${value}`)}
          onChange={() => {
            onTake(!own);
          }}
        />
        <span>{value}</span>
      </label>
    );
  };
  return (
    <tr className={cx(differs && styles.differs)}>
      <th scope="row">
        {label}
        {differs && <span className="vh">, à choisir</span>}
      </th>
      <td>{side(target, true)}</td>
      <td>{side(ended, false)}</td>
    </tr>
  );
}

function Guardians({ client }: { client: ClientView }): ReactNode {
  if (client.guardians.length === 0) return <span className="sub">aucun noté</span>;
  return (
    <ul className={styles.guardians}>
      {client.guardians.map((one) => (
        <li key={one.id}>
          {`${one.given_name} ${one.family_name}`.trim()}, {RELATIONS[one.relation].word}
          {one.phone !== null && <span className="num"> {phone(one.phone)}</span>}
        </li>
      ))}
    </ul>
  );
}
