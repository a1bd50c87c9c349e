import { useId, type ReactNode } from "react";
import type { KindColour } from "~/shared/backend";
import { KIND_MARKS, KindMark } from "~/shared/ui/KindMark";
import styles from "./ColourChoice.module.css";
import { COLOURS } from "./kinds";

/** One of eight marks, each by its shape, its word and its colour. */
export function ColourChoice({
  value,
  onChange,
}: {
  value: KindColour;
  onChange: (colour: KindColour) => void;
}): ReactNode {
  const name = useId();
  return (
    <fieldset className={styles.choice}>
      <legend>Repère</legend>
      {COLOURS.map((colour) => (
        <label key={colour}>
          <input
            type="radio"
            name={name}
            value={colour}
            checked={colour === value}
            onChange={() => {
              onChange(colour);
            }}
          />
          <KindMark colour={colour} large />
          {KIND_MARKS[colour].word}
          <span className="vh">, {KIND_MARKS[colour].shape}</span>
        </label>
      ))}
    </fieldset>
  );
}
