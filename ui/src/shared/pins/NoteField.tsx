import { useState, type ReactNode } from "react";
import { Button } from "~/shared/ui/Button";
import { TextField } from "~/shared/ui/Field";
import styles from "./Pins.module.css";

/** A word on a pin: Enter writes it, Escape leaves it. */
export function NoteField({
  title,
  onWrite,
  onClose,
}: {
  title: string;
  onWrite: (note: string) => void;
  onClose: () => void;
}): ReactNode {
  const [text, setText] = useState("");
  return (
    <form
      className={styles.noting}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === "") onClose();
        else onWrite(text.trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <TextField
        label={`Un mot sur ${title}`}
        labelHidden
        placeholder="à voir avec la mère"
        autoComplete="off"
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <Button small submit>
        Noter
      </Button>
    </form>
  );
}
