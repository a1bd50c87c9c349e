import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { useWrite, type ClientMatch } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { french } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { personName, PersonField } from "~/shared/people/PersonField";
import { Button } from "~/shared/ui/Button";
import { TextField } from "~/shared/ui/Field";
import styles from "./DeskColumn.module.css";

/** Somebody at the counter without an appointment: a name, a reason, Enter. */
export function WalkInForm({ onDone }: { onDone: () => void }): ReactNode {
  const { notify } = useNotices();
  const open = useWrite("enquiries.open");
  const name = useRef<HTMLInputElement>(null);
  const reason = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [client, setClient] = useState<ClientMatch | null>(null);
  const [why, setWhy] = useState("");
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    name.current?.focus();
  }, []);

  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    if (open.isPending) return;
    const said = client === null ? text.trim() : `${client.given_name} ${client.family_name}`.trim();
    if (said === "") {
      setError("Dites qui c’est.");
      name.current?.focus();
      return;
    }
    // Who has not said why is noted all the same: what counts is since when they wait.
    const subject = why.trim() || "Passage à l’accueil";
    open.mutate(
      {
        channel: "walk_in",
        subject,
        text: subject,
        name: said,
        relation: "self",
        postal_code: client?.postal_code ?? "",
        sensitive: false,
        ...(client === null ? {} : { client: client.id }),
      },
      {
        onSuccess: () => {
          notify({ text: french(`En salle d'attente : ${said}`), tone: "good", undoable: true });
          onDone();
        },
        onError: (failure) => {
          setError(errorText(failure).text);
        },
      },
    );
  };

  return (
    <form
      className={styles.walkIn}
      aria-label="Personne sans rendez-vous"
      noValidate
      onSubmit={submitted}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onDone();
      }}
    >
      <PersonField
        ref={name}
        label="Qui"
        error={error}
        text={text}
        chosen={client}
        onText={(typed) => {
          setError(null);
          setText(typed);
        }}
        onChoose={(match) => {
          setClient(match);
          if (match !== null) {
            setText(personName(match));
            reason.current?.focus();
          }
        }}
        onNew={(typed) => {
          setText(typed);
          reason.current?.focus();
        }}
        newWord="Sans fiche"
      />
      <TextField
        ref={reason}
        label="Pour quoi"
        value={why}
        onChange={(event) => {
          setWhy(event.target.value);
        }}
      />
      <div className={styles.acts}>
        <Button small tone="primary" submit shortcut="Enter" disabled={open.isPending}>
          Faire patienter
        </Button>
        <Button small tone="quiet" onClick={onDone}>
          Fermer
        </Button>
      </div>
    </form>
  );
}
