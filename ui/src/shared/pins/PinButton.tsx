import type { ReactNode } from "react";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import styles from "./Pins.module.css";
import type { RecordPins } from "./useRecordPins";
import { pinWord } from "./words";

/** Pins the record, or takes it off where it is pinned; without a place it asks for whom. */
export function PinButton({ pins, primary }: { pins: RecordPins; primary: boolean }): ReactNode {
  const { target, pinned, fromEnquiry, chosen } = pins;
  return (
    <>
      <Button
        small
        tone={primary && !pinned ? "primary" : "plain"}
        icon={pinned ? "check" : "pin"}
        shortcut="p"
        {...(target === null ? { "aria-haspopup": "dialog" as const } : { "aria-pressed": pinned })}
        onClick={pins.press}
      >
        {target === null ? "Épingler…" : pinWord(target, pinned)}
      </Button>
      {fromEnquiry && (
        <span className={styles.already}>
          <Icon name="check" small />
          Déjà épinglée à la demande
        </span>
      )}
      {pinned && (
        <Button small tone="quiet" icon="close" onClick={pins.press}>
          Retirer
        </Button>
      )}
      {chosen && (
        <Button small tone="quiet" aria-haspopup="dialog" onClick={pins.ask}>
          Pour quelqu’un d’autre…
        </Button>
      )}
    </>
  );
}
