import {
  useDeferredValue,
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from "react";
import { useRead, type ClientMatch } from "~/shared/backend";
import { dayName } from "~/shared/format/dates";
import { cx, phone, plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { Field, fieldStyles } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { RELATIONS } from "~/shared/words";
import { duplicateText } from "./duplicates";
import styles from "./PersonField.module.css";

const SHOWN = 6;

/** Finds somebody as one types: name, phone or birth date, accents ignored; says who may be the same; ends with "new". */
export function PersonField({
  ref,
  label = "Usager",
  error,
  text,
  onText,
  chosen,
  onChoose,
  onNew,
  newWord = "Nouvel usager",
}: {
  ref?: Ref<HTMLInputElement>;
  label?: string;
  error?: string | null;
  text: string;
  onText: (text: string) => void;
  chosen: ClientMatch | null;
  onChoose: (match: ClientMatch | null) => void;
  /** Offered as the last line; not offered when absent. */
  onNew?: (typed: string) => void;
  /** What the last line is called. */
  newWord?: string;
}): ReactNode {
  const list = useId();
  const [active, setActive] = useState(0);
  const query = useDeferredValue(text.trim());
  const { announce } = useNotices();
  const searching = chosen === null && query.length >= 2;
  const { data, isPlaceholderData } = useRead(
    "clients.search",
    { query, limit: SHOWN },
    { enabled: searching, keep: true },
  );
  const found = searching ? (data ?? []).slice(0, SHOWN) : [];
  // Not before the answer to these very letters is there: Enter must not make somebody who is known.
  const settled = data !== undefined && !isPlaceholderData && query === text.trim();
  const offersNew = onNew !== undefined && searching && settled;
  const count = found.length + (offersNew ? 1 : 0);
  const open = chosen === null && count > 0;
  const at = Math.min(active, count - 1);

  const said = useRef("");
  useEffect(() => {
    if (!searching || data === undefined || said.current === query) return;
    said.current = query;
    announce(
      found.length === 0
        ? "Personne de ce nom"
        : plural(found.length, "personne connue", "personnes connues"),
    );
  });

  function take(index: number): void {
    const match = found[index];
    if (match !== undefined) onChoose(match);
    else onNew?.(text.trim());
  }

  function pressed(event: KeyboardEvent): void {
    if (!open) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setActive((at + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(at);
    }
  }

  return (
    <div className={styles.person}>
      <Field label={label} hint="nom, téléphone ou date de naissance" error={error}>
        {(ids) => (
          <input
            {...ids}
            ref={ref}
            className={fieldStyles.input}
            type="text"
            role="combobox"
            aria-expanded={open}
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={open ? `${list}-${String(at)}` : undefined}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => {
              setActive(0);
              if (chosen !== null) onChoose(null);
              onText(event.target.value);
            }}
            onKeyDown={pressed}
          />
        )}
      </Field>
      <ul
        id={list}
        role="listbox"
        aria-label="Personnes connues"
        className={cx(styles.list, !open && styles.none)}
      >
        {open &&
          found.map((match, index) => (
            <li
              key={match.id}
              id={`${list}-${String(index)}`}
              role="option"
              aria-selected={index === at}
              className={styles.option}
              onPointerDown={(event) => {
                event.preventDefault();
              }}
              onClick={() => {
                take(index);
              }}
            >
              <PersonLine match={match} />
            </li>
          ))}
        {open && offersNew && (
          <li
            id={`${list}-${String(found.length)}`}
            role="option"
            aria-selected={at === found.length}
            className={cx(styles.option, styles.new)}
            onPointerDown={(event) => {
              event.preventDefault();
            }}
            onClick={() => {
              take(found.length);
            }}
          >
            <Icon name="plus" />
            <span>
              {newWord} «{"\u202f"}
              {text.trim()}
              {"\u202f"}»
            </span>
          </li>
        )}
      </ul>
      {chosen !== null && (
        <p className={styles.chosen}>
          <Icon name="check" small />
          <span>
            {[birthText(chosen), chosen.class_level, chosen.school, contactText(chosen)]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </p>
      )}
    </div>
  );
}

/** Two lines: the name with what was typed underlined, birth and class; then school and number, or why it may be a double. */
export function PersonLine({ match }: { match: ClientMatch }): ReactNode {
  const doubt = duplicateText(match);
  return (
    <>
      <span className={styles.first}>
        <b>
          <Marked text={personName(match)} ranges={match.matched} />
        </b>
        <span className="num">{[birthText(match), match.class_level].filter(Boolean).join(" · ")}</span>
      </span>
      <span className={cx(styles.second, doubt !== null && styles.doubt)}>
        {doubt === null ? (
          [match.school, contactText(match)].filter(Boolean).join(" · ")
        ) : (
          <>
            <Icon name="merge" small />
            {doubt}
          </>
        )}
      </span>
    </>
  );
}

export function personName(match: Pick<ClientMatch, "family_name" | "given_name">): string {
  return [match.family_name, match.given_name].filter(Boolean).join(", ");
}

/** Ranges count characters as the desk does (Unicode scalar values), not UTF-16 units. */
export function Marked({
  text,
  ranges,
}: {
  text: string;
  ranges: readonly (readonly [number, number])[];
}): ReactNode {
  const letters = Array.from(text);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (from < at || to > letters.length) continue;
    parts.push(letters.slice(at, from).join(""));
    parts.push(<mark key={from}>{letters.slice(from, to).join("")}</mark>);
    at = to;
  }
  parts.push(letters.slice(at).join(""));
  return parts;
}

function birthText(match: ClientMatch): string | null {
  return match.birth_date === null ? null : dayName(match.birth_date, "digits");
}

function contactText(match: ClientMatch): string | null {
  if (match.contact === null) return null;
  const { relation, phone: number } = match.contact;
  return relation === "self" ? phone(number) : `${RELATIONS[relation].word} ${phone(number)}`;
}
