import { useDeferredValue, useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { useRead } from "~/shared/backend";
import { fieldStyles } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import styles from "./Near.module.css";

const SHOWN = 8;

/** From where distances are said: a postal code or a commune, with suggestions as one types. */
export function NearField({
  near,
  label,
  unknown,
  onNear,
}: {
  near: string;
  label: string;
  /** The desk does not know the place. */
  unknown: boolean;
  onNear: (near: string) => void;
}): ReactNode {
  const list = useId();
  /** What is being typed; the place itself while nothing is. */
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(-1);
  const query = useDeferredValue((typed ?? "").trim());
  const { data } = useRead("places.communes", { query }, { enabled: query.length >= 2, keep: true });
  const found = typed !== null && query.length >= 2 ? (data ?? []).slice(0, SHOWN) : [];
  const open = found.length > 0;
  const at = Math.min(active, found.length - 1);
  const take = (place: string): void => {
    setTyped(null);
    setActive(-1);
    onNear(place);
  };
  const choose = (index: number): void => {
    const one = found[index];
    if (one !== undefined) take(`${one.postal_code} ${one.name}`);
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : found.length - 1;
      setActive(at < 0 ? (event.key === "ArrowDown" ? 0 : found.length - 1) : (at + step) % found.length);
    } else if (event.key === "Enter" && typed !== null) {
      event.preventDefault();
      // The desk reads a code or a name as they are typed; a suggestion is for whoever goes to it.
      if (at >= 0) choose(at);
      else take(typed.trim());
    } else if (event.key === "Escape" && typed !== null) {
      event.preventDefault();
      event.stopPropagation();
      setTyped(null);
      setActive(-1);
    }
  };
  return (
    <div className={styles.near}>
      <label htmlFor={`${list}-field`} className={styles.label}>
        {label}
      </label>
      <div className={styles.box}>
        <input
          id={`${list}-field`}
          type="text"
          role="combobox"
          aria-expanded={open}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={open && at >= 0 ? `${list}-${String(at)}` : undefined}
          aria-invalid={unknown && typed === null ? true : undefined}
          aria-describedby={unknown && typed === null ? `${list}-error` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder="Code postal ou commune"
          className={fieldStyles.input}
          value={typed ?? near}
          onFocus={(event) => {
            event.target.select();
          }}
          onChange={(event) => {
            setActive(-1);
            setTyped(event.target.value);
          }}
          onBlur={() => {
            if (typed !== null) take(typed.trim());
          }}
          onKeyDown={pressed}
        />
        <ul id={list} role="listbox" aria-label="Communes" className={open ? styles.list : styles.none}>
          {found.map((one, index) => (
            <li
              key={`${one.postal_code} ${one.name}`}
              id={`${list}-${String(index)}`}
              role="option"
              aria-selected={index === at}
              className={styles.option}
              onPointerDown={(event) => {
                event.preventDefault();
              }}
              onClick={() => {
                choose(index);
              }}
            >
              <span className="num">{one.postal_code}</span> {one.name}
            </li>
          ))}
        </ul>
        {unknown && typed === null && (
          <p id={`${list}-error`} className={styles.error}>
            <Icon name="alert" small />
            Lieu inconnu
          </p>
        )}
      </div>
    </div>
  );
}
