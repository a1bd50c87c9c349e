import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Pin } from "~/shared/backend";
import { kindIcon, kindName } from "~/shared/catalogue/kinds";
import { french, plural } from "~/shared/format/text";
import { useSession } from "~/shared/session/session";
import { Button, IconButton } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { NoteField } from "./NoteField";
import styles from "./Pins.module.css";
import { pinDetail, pinnedBy } from "./words";

/** More than this are behind a button, so that what stands below is still in reach. */
const SHOWN = 6;
const IN_WORDS: Record<number, string> = { 3: "trois", 6: "six" };

/** Pinned records: Enter opens, Suppr takes off, the arrows walk. */
export function PinList({
  label,
  pins,
  most = SHOWN,
  onOpen,
  onRemove,
  onNote,
}: {
  label: string;
  pins: readonly Pin[];
  /** How many are shown at first. */
  most?: 3 | 6;
  onOpen: (pin: Pin) => void;
  /** Left out where the reader may not change them. */
  onRemove?: ((pin: Pin) => void) | undefined;
  onNote?: ((pin: Pin, note: string, done: () => void) => void) | undefined;
}): ReactNode {
  const [all, setAll] = useState(false);
  const [noting, setNoting] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  /** The line to stand on once one has gone, and how many there were. */
  const next = useRef<{ at: number; of: number } | null>(null);
  const shown = all ? pins : pins.slice(0, most);
  const stand = (at: number): void => {
    const lines = list.current?.querySelectorAll<HTMLElement>("[data-pin]") ?? [];
    lines[Math.max(0, Math.min(at, lines.length - 1))]?.focus();
  };
  useEffect(() => {
    if (next.current === null || next.current.of === pins.length) return;
    const { at } = next.current;
    next.current = null;
    stand(at);
  }, [pins.length]);
  const remove = (pin: Pin, at: number): void => {
    next.current = { at, of: pins.length };
    onRemove?.(pin);
  };
  const pressed = (event: KeyboardEvent, pin: Pin, at: number): void => {
    if (event.target instanceof HTMLInputElement) return;
    if (event.key === "Delete" && onRemove !== undefined) {
      // The panel around has a Suppr of its own.
      event.preventDefault();
      remove(pin, at);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      stand(event.key === "ArrowDown" ? at + 1 : at - 1);
    }
  };
  return (
    <>
      <ul ref={list} className={styles.pins} aria-label={label}>
        {shown.map((pin, at) => (
          <li
            key={pin.record}
            data-state={pin.state}
            onKeyDown={(event) => {
              pressed(event, pin, at);
            }}
          >
            <Icon name={kindIcon(pin.kind)} />
            <PinText pin={pin} onOpen={onOpen} />
            {onRemove !== undefined && (
              <span className={styles.does}>
                {onNote !== undefined && (
                  <IconButton
                    icon="pen"
                    label={`Ajouter un mot : ${pin.title}`}
                    aria-expanded={noting === pin.record}
                    onClick={() => {
                      setNoting(noting === pin.record ? null : pin.record);
                    }}
                  />
                )}
                <IconButton
                  icon="close"
                  label={`Retirer : ${pin.title}`}
                  aria-keyshortcuts="Delete"
                  onClick={() => {
                    remove(pin, at);
                  }}
                />
              </span>
            )}
            {noting === pin.record && onNote !== undefined && (
              <NoteField
                title={pin.title}
                onClose={() => {
                  setNoting(null);
                  stand(at);
                }}
                onWrite={(note) => {
                  onNote(pin, note, () => {
                    setNoting(null);
                    stand(at);
                  });
                }}
              />
            )}
          </li>
        ))}
      </ul>
      {pins.length > most && (
        <div>
          <Button
            small
            tone="quiet"
            icon={all ? "up" : "down"}
            aria-expanded={all}
            onClick={() => {
              setAll(!all);
            }}
          >
            {all
              ? `N’en montrer que ${IN_WORDS[most] ?? String(most)}`
              : `Voir ${plural(pins.length - most, "autre fiche", "autres fiches")}`}
          </Button>
        </div>
      )}
    </>
  );
}

function PinText({ pin, onOpen }: { pin: Pin; onOpen: (pin: Pin) => void }): ReactNode {
  const { zone } = useSession();
  const title = french(pin.title);
  const detail = pinDetail(pin);
  return (
    <div>
      {pin.state === "absent" ? (
        <b data-pin tabIndex={-1} className={styles.absent}>
          {title}
        </b>
      ) : (
        <button
          type="button"
          data-pin
          className={styles.title}
          onClick={() => {
            onOpen(pin);
          }}
        >
          <span className="vh">{kindName(pin.kind)}, </span>
          {title}
        </button>
      )}
      {detail !== "" && (
        <p className={pin.state === "known" ? "sub" : styles.changed}>
          {pin.state !== "known" && <Icon name="alert" small />}
          <span>{detail}</span>
        </p>
      )}
      {pin.note !== null && <p className={styles.note}>{pin.note}</p>}
      <p className={styles.by}>
        <span className="vh">Épinglée par </span>
        {pinnedBy(pin, zone)}
      </p>
    </div>
  );
}
