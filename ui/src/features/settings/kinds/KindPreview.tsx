import type { CSSProperties, ReactNode } from "react";
import type { KindDoc } from "~/shared/backend";
import { clockOf, hourOf } from "~/shared/format/dates";
import { cx, french } from "~/shared/format/text";
import { useSession } from "~/shared/session/session";
import { Icon } from "~/shared/ui/Icon";
import { KindMark } from "~/shared/ui/KindMark";
import { STATES } from "~/shared/ui/states";
import styles from "./KindPreview.module.css";
import { colourOf } from "./kinds";

const START = 9 * 60;
const ROW = 15;

/** How a meeting of this kind will stand on the agenda, and what the family will read. */
export function KindPreview({ kind }: { kind: KindDoc }): ReactNode {
  const { office } = useSession();
  const minutes = Math.min(120, Math.max(15, kind.duration_min));
  const rows = Math.max(4, Math.ceil((minutes + Math.min(30, kind.buffer_after_min)) / ROW));
  const name = kind.name.trim() === "" ? "Sans nom" : french(kind.name);
  const state = STATES.booked;
  const place = kind.online ? "par téléphone ou en visio" : `au ${office.name}`;
  const size = {
    "--rows": rows,
    "--height": minutes / ROW,
    "--buffer": Math.min(30, kind.buffer_after_min) / ROW,
  };
  return (
    <div className={styles.preview}>
      <figure className={styles.agenda}>
        <figcaption>Sur l’agenda</figcaption>
        <div className={styles.column} style={size as CSSProperties}>
          <span className={cx(styles.hour, "num")}>{clockOf(START)}</span>
          <div className={cx(styles.block, state.className)}>
            <span className={styles.head}>
              <KindMark colour={colourOf(kind)} />
              <b>{kind.capacity > 1 ? name : "Léa Fontaine"}</b>
            </span>
            {minutes >= 45 && (
              <span className={styles.name}>
                {kind.capacity > 1 ? `8 inscrits sur ${String(kind.capacity)}` : name}
              </span>
            )}
            {minutes >= 30 && (
              <span className={styles.line}>
                <Icon name={state.icon} small />
                {state.word}
              </span>
            )}
          </div>
          {kind.buffer_after_min > 0 && <div className={styles.free}>gardé libre</div>}
        </div>
      </figure>
      <figure className={styles.letter}>
        <figcaption>Dans la convocation</figcaption>
        <div className={styles.paper}>
          <p>
            <b>{name}</b>
          </p>
          <p>
            {french(
              `Lundi 30 novembre, ${hourOf(START)}, ${place}. Prévoyez ${hourOfLength(kind.duration_min)}.`,
            )}
          </p>
          {kind.before !== undefined && <p>{kind.before}</p>}
          {kind.after !== undefined && <p className={styles.after}>Après : {kind.after}</p>}
        </div>
      </figure>
    </div>
  );
}

function hourOfLength(minutes: number): string {
  return minutes < 60 ? `${String(minutes)}\u00a0minutes` : hourOf(minutes);
}
