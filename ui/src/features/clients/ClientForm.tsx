import { useDeferredValue, useRef, useState, type ReactNode } from "react";
import { useRead, useWrite, type ClientCategory, type FieldError, type Relation } from "~/shared/backend";
import { refusalOf } from "~/shared/booking/warnings";
import { errorText, fieldErrorText } from "~/shared/errors";
import { useNotices } from "~/shared/notices/notices";
import { duplicateText } from "~/shared/people/duplicates";
import { personName } from "~/shared/people/PersonField";
import { useSession } from "~/shared/session/session";
import { Button, IconButton } from "~/shared/ui/Button";
import { fieldStyles, TextField } from "~/shared/ui/Field";
import { Note } from "~/shared/ui/Note";
import { Bar } from "~/shared/ui/Screen";
import { Select } from "~/shared/ui/Select";
import { CATEGORIES } from "~/shared/words";
import styles from "./ClientForm.module.css";
import {
  draftOf,
  newGuardian,
  sentGuardians,
  type ClientTyped,
  type GuardianTyped,
  type TextName,
} from "./form";
import { birthErrorText } from "./words";

const NO_CATEGORY = "";
const RELATIONS: { value: Relation; label: string }[] = [
  { value: "mother", label: "Mère" },
  { value: "father", label: "Père" },
  { value: "other", label: "Autre" },
];

/** A record, new or changed. What looks like somebody who is there already is said while one types. */
export function ClientForm({
  initial,
  onClose,
  onSaved,
  onOpen,
}: {
  initial: ClientTyped;
  onClose: () => void;
  onSaved: (id: string | null) => void;
  /** Leaves the form for a record that is there already. */
  onOpen: (id: string) => void;
}): ReactNode {
  const [typed, setTyped] = useState(initial);
  // A field is told wrong once it was left, or when saving was tried: not at its first letter.
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<FieldError[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const { notify } = useNotices();
  const { people } = useSession();
  const { mutate, isPending } = useWrite("clients.save");
  const draft = draftOf(useDeferredValue(typed));
  const named =
    typed.family_name.trim() !== "" || typed.given_name.trim() !== "" || typed.phone.trim() !== "";
  const { data: check } = useRead("clients.check", draft, { keep: true, enabled: named || tried });
  const code = typed.postal_code.trim();
  const whole = /^\d{5}$/.test(code);
  const { data: communes } = useRead("places.communes", { query: code }, { enabled: whole, keep: true });
  const here = whole ? (communes ?? []).filter((one) => one.postal_code === code).map((one) => one.name) : [];
  const doubles = (check?.duplicates ?? []).filter((match) => match.id !== typed.id);

  const wrong = [...(check?.fields ?? []), ...refused];
  const errorOf = (field: string, value: string): string | null => {
    const found = wrong.find((one) => one.field === field);
    if (found === undefined || !(tried || (left.has(field) && value !== ""))) return null;
    return field === "birth_date" ? birthErrorText(found.code, value) : fieldErrorText(found.code);
  };
  const change = (part: Partial<ClientTyped>): void => {
    setRefused([]);
    setTyped({ ...typed, ...part });
  };
  const touch = (field: string): void => {
    setLeft(new Set([...left, field]));
  };
  const field = (
    name: TextName,
  ): {
    value: string;
    error: string | null;
    onChange: (event: { target: { value: string } }) => void;
    onBlur: () => void;
  } => ({
    value: typed[name],
    error: errorOf(name, typed[name]),
    onChange: (event) => {
      change({ [name]: event.target.value });
    },
    onBlur: () => {
      touch(name);
    },
  });

  const save = (): void => {
    if (isPending) return;
    setTried(true);
    mutate(draftOf(typed), {
      onSuccess: (done) => {
        const name = `${typed.given_name} ${typed.family_name}`.trim();
        notify({
          text: typed.id === null ? `Fiche créée, ${name}` : `Fiche enregistrée, ${name}`,
          tone: "good",
          undoable: done.undoable,
        });
        onSaved(done.id);
      },
      onError: (error) => {
        const { fields } = refusalOf(error.params, error.code);
        if (fields.length > 0) {
          setRefused(fields);
          requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
          return;
        }
        const said = errorText(error);
        notify({ text: `${said.text} ${said.next}`, tone: said.severity });
      },
    });
  };

  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label={typed.id === null ? "Nouvel usager" : "Modifier la fiche"}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      <Bar
        end={
          <>
            <Button tone="quiet" onClick={onClose}>
              Fermer sans enregistrer
            </Button>
            <Button tone="primary" submit shortcut="Enter" disabled={isPending}>
              Enregistrer
            </Button>
          </>
        }
      >
        <h2 className={styles.title}>
          {typed.id === null ? "Nouvel usager" : `${typed.given_name} ${typed.family_name}`}
        </h2>
      </Bar>
      <div className={styles.scroll}>
        {doubles.length > 0 && (
          <Note tone="warn" icon="merge" live>
            <ul className={styles.doubles}>
              {doubles.slice(0, 4).map((match) => (
                <li key={match.id}>
                  <span>
                    <b>{personName(match)}</b> : {duplicateText(match)?.toLowerCase()}
                  </span>
                  <Button
                    small
                    onClick={() => {
                      onOpen(match.id);
                    }}
                  >
                    Ouvrir cette fiche
                  </Button>
                </li>
              ))}
            </ul>
          </Note>
        )}
        <fieldset className={styles.part}>
          <legend>Usager</legend>
          <div className={fieldStyles.row}>
            <TextField label="Nom" autoFocus {...field("family_name")} />
            <TextField label="Prénom" {...field("given_name")} />
            <TextField
              label="Date de naissance"
              placeholder="jj/mm/aaaa"
              inputMode="numeric"
              {...field("birth_date")}
            />
          </div>
          <div className={fieldStyles.row}>
            <Select
              label="Public"
              value={typed.category ?? NO_CATEGORY}
              options={[
                { value: NO_CATEGORY, label: "À préciser" },
                ...Object.entries(CATEGORIES).map(([value, word]) => ({
                  value,
                  label: word.charAt(0).toUpperCase() + word.slice(1),
                })),
              ]}
              onChange={(value) => {
                change({ category: value === NO_CATEGORY ? null : (value as ClientCategory) });
              }}
            />
            <Select
              label="Référent"
              value={typed.referent}
              options={[
                { value: "", label: "Aucun" },
                ...people
                  .filter((one) => one.role === "counsellor" || one.role === "director")
                  .map((one) => ({ value: one.id, label: one.name })),
              ]}
              onChange={(referent) => {
                change({ referent });
              }}
            />
            <TextField label="Classe" {...field("class_level")} />
            <TextField label="École" {...field("school")} />
          </div>
          <div className={fieldStyles.row}>
            <TextField label="Téléphone" inputMode="tel" {...field("phone")} />
            <TextField label="Mél" inputMode="email" {...field("mail")} />
            <TextField
              label="Code postal"
              hint={
                here.length > 0
                  ? here.length > 2
                    ? `${here.slice(0, 2).join(", ")}…`
                    : here.join(", ")
                  : undefined
              }
              inputMode="numeric"
              maxLength={5}
              {...field("postal_code")}
            />
          </div>
        </fieldset>
        {typed.guardians.map((guardian, index) => (
          <Guardian
            key={guardian.key}
            guardian={guardian}
            index={index}
            placeholder={typed.family_name}
            errorOf={(name, value) => {
              const sent = sentGuardians(typed).findIndex((one) => one.key === guardian.key);
              return sent < 0 ? null : errorOf(`guardians.${String(sent)}.${name}`, value);
            }}
            onTouch={(name) => {
              touch(`guardians.${String(index)}.${name}`);
            }}
            onChange={(next) => {
              change({ guardians: typed.guardians.map((one) => (one.key === next.key ? next : one)) });
            }}
            onRemove={() => {
              change({ guardians: typed.guardians.filter((one) => one.key !== guardian.key) });
              requestAnimationFrame(() => document.getElementById("ajouter-responsable")?.focus());
            }}
          />
        ))}
        <div>
          <Button
            id="ajouter-responsable"
            icon="plus"
            onClick={() => {
              const relation: Relation = typed.guardians.some((one) => one.relation === "mother")
                ? "father"
                : "mother";
              change({ guardians: [...typed.guardians, newGuardian(relation, typed.family_name)] });
            }}
          >
            Ajouter un responsable
          </Button>
        </div>
      </div>
    </form>
  );
}

function Guardian({
  guardian,
  index,
  placeholder,
  errorOf,
  onTouch,
  onChange,
  onRemove,
}: {
  guardian: GuardianTyped;
  index: number;
  placeholder: string;
  errorOf: (name: string, value: string) => string | null;
  onTouch: (name: string) => void;
  onChange: (guardian: GuardianTyped) => void;
  onRemove: () => void;
}): ReactNode {
  const field = (
    name: "given_name" | "family_name" | "phone" | "mail",
  ): {
    value: string;
    error: string | null;
    onChange: (event: { target: { value: string } }) => void;
    onBlur: () => void;
  } => ({
    value: guardian[name],
    error: errorOf(name, guardian[name]),
    onChange: (event) => {
      onChange({ ...guardian, [name]: event.target.value });
    },
    onBlur: () => {
      onTouch(name);
    },
  });
  return (
    <fieldset className={styles.part}>
      <legend>
        Responsable {index + 1}
        <IconButton icon="close" label={`Retirer le responsable ${String(index + 1)}`} onClick={onRemove} />
      </legend>
      <div className={fieldStyles.row}>
        <Select
          label="Lien"
          value={guardian.relation}
          options={RELATIONS}
          onChange={(relation) => {
            onChange({ ...guardian, relation });
          }}
        />
        <TextField label="Prénom" {...field("given_name")} />
        <TextField label="Nom" placeholder={placeholder} {...field("family_name")} />
      </div>
      <div className={fieldStyles.row}>
        <TextField label="Téléphone" inputMode="tel" {...field("phone")} />
        <TextField label="Mél" inputMode="email" {...field("mail")} />
      </div>
    </fieldset>
  );
}
