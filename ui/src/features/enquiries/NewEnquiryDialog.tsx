import { useState, type ReactNode } from "react";
import { useRead, useWrite, type Channel, type Relation } from "~/shared/backend";
import { refusalOf } from "~/shared/booking/warnings";
import { errorText, fieldErrorText } from "~/shared/errors";
import { french } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Checkbox, fieldStyles, TextArea, TextField } from "~/shared/ui/Field";
import { Segmented } from "~/shared/ui/Segmented";
import { Select } from "~/shared/ui/Select";
import styles from "./NewEnquiryDialog.module.css";

const RELATION_OPTIONS: { value: Relation; label: string }[] = [
  { value: "self", label: "Pour lui-même" },
  { value: "mother", label: "La mère" },
  { value: "father", label: "Le père" },
  { value: "other", label: "Un proche" },
];

const SUBJECT_MOST = 90;

interface Typed {
  channel: Channel;
  name: string;
  relation: Relation;
  class_level: string;
  postal_code: string;
  phone: string;
  mail: string;
  text: string;
  sensitive: boolean;
}

const BLANK: Typed = {
  channel: "phone",
  name: "",
  relation: "self",
  class_level: "",
  postal_code: "",
  phone: "",
  mail: "",
  text: "",
  sensitive: false,
};

/** The first sentence is what the list shows. */
export function subjectOf(text: string): string {
  const first = text.trim().split(/(?<=[.?!…])\s|\n/)[0] ?? "";
  if (first.length <= SUBJECT_MOST) return first;
  const cut = first.slice(0, SUBJECT_MOST);
  return `${cut.slice(0, cut.lastIndexOf(" ") > 40 ? cut.lastIndexOf(" ") : SUBJECT_MOST)}…`;
}

/** A question by phone or at the counter, noted while the person speaks. */
export function NewEnquiryDialog({
  open,
  onClose,
  onOpened,
}: {
  open: boolean;
  onClose: () => void;
  onOpened: (id: string) => void;
}): ReactNode {
  return (
    <Dialog title="Noter une demande" open={open} onClose={onClose} wide>
      {open && <Form onClose={onClose} onOpened={onOpened} />}
    </Dialog>
  );
}

function Form({ onClose, onOpened }: { onClose: () => void; onOpened: (id: string) => void }): ReactNode {
  const [typed, setTyped] = useState(BLANK);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { notify } = useNotices();
  const { mutate, isPending } = useWrite("enquiries.open");
  const code = typed.postal_code.trim();
  const { data: communes } = useRead(
    "places.communes",
    { query: code },
    { enabled: /^\d{5}$/.test(code), keep: true },
  );
  const here = /^\d{5}$/.test(code) ? (communes ?? []).filter((one) => one.postal_code === code) : [];

  const change = (part: Partial<Typed>): void => {
    setErrors({});
    setTyped({ ...typed, ...part });
  };
  const field = (
    name: "name" | "class_level" | "postal_code" | "phone" | "mail" | "text",
  ): {
    value: string;
    error: string | undefined;
    onChange: (event: { target: { value: string } }) => void;
  } => ({
    value: typed[name],
    error: errors[name],
    onChange: (event) => {
      change({ [name]: event.target.value });
    },
  });

  const send = (): void => {
    if (isPending) return;
    const wrong: Record<string, string> = {};
    if (typed.name.trim() === "") wrong["name"] = "Qui demande ? Un prénom suffit.";
    if (typed.text.trim() === "") wrong["text"] = "Écrivez ce qui est demandé.";
    if (code !== "" && !/^\d{5}$/.test(code)) wrong["postal_code"] = "Un code postal a cinq chiffres.";
    if (Object.keys(wrong).length > 0) {
      setErrors(Object.fromEntries(Object.entries(wrong).map(([name, text]) => [name, french(text)])));
      return;
    }
    const some = (text: string): string | undefined => text.trim() || undefined;
    mutate(
      {
        channel: typed.channel,
        subject: subjectOf(typed.text),
        text: typed.text.trim(),
        name: typed.name.trim(),
        relation: typed.relation,
        postal_code: code,
        phone: some(typed.phone),
        mail: some(typed.mail),
        class_level: some(typed.class_level),
        sensitive: typed.sensitive,
      },
      {
        onSuccess: (done) => {
          notify({ text: `Demande notée, ${typed.name.trim()}`, tone: "good", undoable: done.undoable });
          if (done.id !== null) onOpened(done.id);
          onClose();
        },
        onError: (error) => {
          const { fields } = refusalOf(error.params, error.code);
          if (fields.length > 0)
            setErrors(
              Object.fromEntries(
                fields.map((one) => [
                  one.field === "message" || one.field === "subject" ? "text" : one.field,
                  fieldErrorText(one.code),
                ]),
              ),
            );
          else {
            const said = errorText(error);
            notify({ text: said.text, tone: said.severity });
          }
        },
      },
    );
  };

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div>
        <Segmented
          label="Comment elle arrive"
          value={typed.channel}
          options={[
            { value: "phone", label: "Au téléphone" },
            { value: "walk_in", label: "À l’accueil" },
          ]}
          onChange={(channel) => {
            change({ channel });
          }}
        />
      </div>
      <div className={fieldStyles.row}>
        <TextField label="Qui demande" hint="prénom et nom" autoFocus {...field("name")} />
        <Select
          label="C’est"
          className={styles.relation}
          value={typed.relation}
          options={RELATION_OPTIONS}
          onChange={(relation) => {
            change({ relation });
          }}
        />
        <TextField label="Classe" {...field("class_level")} />
      </div>
      <TextArea label="Question" hint="comme elle est dite" rows={4} {...field("text")} />
      <div className={fieldStyles.row}>
        <TextField label="Téléphone" inputMode="tel" {...field("phone")} />
        <TextField label="Mél" inputMode="email" {...field("mail")} />
        <TextField
          label="Code postal"
          hint={here.length > 0 ? communesText(here.map((one) => one.name)) : undefined}
          inputMode="numeric"
          maxLength={5}
          {...field("postal_code")}
        />
      </div>
      <Checkbox
        checked={typed.sensitive}
        onChange={(event) => {
          change({ sensitive: event.target.checked });
        }}
      >
        Question délicate : seuls les conseillers la liront
      </Checkbox>
      <DialogActions>
        <Button tone="primary" submit disabled={isPending}>
          Noter la demande
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Fermer sans noter
        </Button>
      </DialogActions>
    </form>
  );
}

function communesText(names: readonly string[]): string {
  return names.length > 2 ? `${names.slice(0, 2).join(", ")}…` : names.join(", ");
}
