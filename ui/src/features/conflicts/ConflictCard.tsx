import type { ReactNode } from "react";
import type { ConflictSide, ConflictView } from "~/shared/backend";
import { deedText } from "~/shared/deeds/words";
import { dayAndHour } from "~/shared/format/dates";
import { cx, phone } from "~/shared/format/text";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Chip } from "~/shared/ui/Chip";
import { Icon } from "~/shared/ui/Icon";
import { Kbd } from "~/shared/ui/Kbd";
import { KeyValues } from "~/shared/ui/KeyValues";
import { Tag } from "~/shared/ui/Chip";
import { choicesOf, type Choice } from "./choices";
import styles from "./ConflictCard.module.css";
import { doneText, farText, settledText, sideName, slotText, timeText, titleText, whoText } from "./words";

/** Mine, theirs, and six free places. Its keys work while it is the current one. */
export function ConflictCard({
  conflict,
  current,
  onCurrent,
  onChoose,
}: {
  conflict: ConflictView;
  current: boolean;
  onCurrent: () => void;
  onChoose: (key: string) => void;
}): ReactNode {
  const { zone } = useSession();
  const open = conflict.state === "open";
  const { mine, theirs } = conflict;
  const wanted = mine?.appointment ?? null;
  const choices = choicesOf(conflict);
  const same = choices.filter((choice) => choice.view !== null && Number(choice.key) < 6);
  const others = choices.filter((choice) => choice.view !== null && Number(choice.key) > 5);
  const name = mine === null ? "" : sideName(mine);
  const first = wanted?.client?.given_name ?? "";
  const title = `conflit-titre-${conflict.id}`;
  const hasPlace = wanted !== null;
  const when = wanted ?? theirs?.appointment ?? null;

  return (
    <article
      id={`conflit-${conflict.id}`}
      className={cx(styles.card, current && styles.current)}
      aria-labelledby={title}
      aria-current={current ? "true" : undefined}
      tabIndex={-1}
      onFocus={onCurrent}
      onPointerDown={onCurrent}
    >
      <header className={styles.head}>
        <div>
          <h2 id={title}>
            <Icon name="alert" />
            {titleText(conflict)}
          </h2>
          <p className="sub num">
            {when !== null && `${timeText(when)} · `}apparu {dayAndHour(conflict.at, zone, "short")}
          </p>
        </div>
        {open ? <Chip state="conflict">À régler</Chip> : <Tag icon="check">{settledText(conflict)}</Tag>}
      </header>
      <div className={styles.sides}>
        <Side
          title={hasPlace ? "Posé ici" : "Fait ici"}
          here
          side={mine}
          kind={conflict.kind}
          className={styles.mine}
        >
          {open && (
            <Button
              aria-keyshortcuts="1"
              onClick={() => {
                onChoose("1");
              }}
            >
              {theirs === null || theirs.appointment === null ? "Garder quand même…" : "Garder les deux…"}{" "}
              <Kbd keys="1" />
            </Button>
          )}
        </Side>
        <span className={styles.or} aria-hidden="true">
          ou
        </span>
        <Side
          title={hasPlace ? "Posé ailleurs" : "Entre-temps"}
          side={theirs}
          kind={conflict.kind}
          className={styles.theirs}
        >
          {open && (
            <Button
              aria-keyshortcuts="2"
              onClick={() => {
                onChoose("2");
              }}
            >
              {theirs?.appointment?.client
                ? `Garder ${theirs.appointment.client.given_name}`
                : "Garder l’autre"}{" "}
              <Kbd keys="2" />
            </Button>
          )}
        </Side>
      </div>
      {open && hasPlace && (
        <div className={styles.alternatives}>
          <Slots
            title={`Déplacer ${first || name}, même conseiller`}
            choices={same}
            conflict={conflict}
            onChoose={onChoose}
          />
          <Slots
            title={`Déplacer ${first || name}, un autre conseiller`}
            choices={others}
            conflict={conflict}
            onChoose={onChoose}
          />
        </div>
      )}
      {open && (
        <footer className={styles.foot}>
          <p className="sub">
            {hasPlace
              ? "La famille déplacée reçoit la nouvelle heure une fois votre choix envoyé."
              : "Aucun message ne part avant votre choix."}
          </p>
          <p className={styles.call}>
            <Icon name="phone" />
            {conflict.phone === null ? (
              "Aucun numéro connu"
            ) : (
              <>
                Appeler la famille d’abord : <b className="num">{phone(conflict.phone)}</b>
              </>
            )}
          </p>
        </footer>
      )}
    </article>
  );
}

function Side({
  title,
  here = false,
  side,
  kind,
  className,
  children,
}: {
  title: string;
  /** What was done at this desk. */
  here?: boolean;
  side: ConflictSide | null;
  kind: string;
  className: string | undefined;
  children: ReactNode;
}): ReactNode {
  const { zone } = useSession();
  const { today } = useNow();
  const appointment = side?.appointment ?? null;
  return (
    <section className={cx(styles.side, className)}>
      <h3>{title}</h3>
      <p className={styles.name}>
        {side !== null && appointment !== null
          ? sideName(side)
          : here
            ? deedText(kind)
            : "Le service ne l’accepte plus"}
      </p>
      {children}
      {side !== null && (
        <KeyValues
          facts={[
            appointment === null
              ? null
              : ["Quand", `${timeText(appointment)}, ${appointment.counsellor.name}`],
            ["Fait", doneText(side, today, zone)],
            appointment === null ? null : ["Qui", whoText(appointment)],
          ]}
        />
      )}
    </section>
  );
}

function Slots({
  title,
  choices,
  conflict,
  onChoose,
}: {
  title: string;
  choices: readonly Choice[];
  conflict: ConflictView;
  onChoose: (key: string) => void;
}): ReactNode {
  const { today } = useNow();
  return (
    <section>
      <h3>{title}</h3>
      {choices.length === 0 ? (
        <p className="sub">Pas de créneau libre dans les deux mois.</p>
      ) : (
        <ul>
          {choices.map(({ key, view }) =>
            view === null ? null : (
              <li key={key}>
                <button
                  type="button"
                  className={styles.slot}
                  aria-keyshortcuts={key}
                  onClick={() => {
                    onChoose(key);
                  }}
                >
                  <Kbd keys={key} />
                  <b className="num">{slotText(view, today)}</b>
                  <span>
                    {view.counsellor.name}
                    {view.site_name !== null && `, ${view.site_name}`}
                  </span>
                  <span className={styles.far}>{farText(view, conflict.mine?.appointment ?? null)}</span>
                </button>
              </li>
            ),
          )}
        </ul>
      )}
    </section>
  );
}
