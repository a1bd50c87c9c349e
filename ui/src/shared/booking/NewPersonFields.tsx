import { useEffect, useRef, type ReactNode } from "react";
import type { Relation } from "~/shared/backend";
import { IconButton } from "~/shared/ui/Button";
import { fieldStyles, TextField } from "~/shared/ui/Field";
import { Select } from "~/shared/ui/Select";
import type { NewPerson } from "./newPerson";
import styles from "./NewPersonFields.module.css";

const GUARDIANS: { value: Relation; label: string }[] = [
  { value: "mother", label: "Mère" },
  { value: "father", label: "Père" },
  { value: "other", label: "Autre" },
];

/** A person made in the same gesture as the booking: the least that is needed to find them again and to call. */
export function NewPersonFields({
  person,
  errors,
  onChange,
  onBack,
}: {
  person: NewPerson;
  /** French text by field name. */
  errors: Readonly<Record<string, string>>;
  onChange: (person: NewPerson) => void;
  onBack: () => void;
}): ReactNode {
  const given = useRef<HTMLInputElement>(null);
  const family = useRef<HTMLInputElement>(null);
  const opened = useRef(false);
  useEffect(() => {
    if (opened.current) return;
    opened.current = true;
    (person.family_name === "" ? family : given).current?.focus();
  }, [person.family_name]);

  const text = (
    name: "family_name" | "given_name" | "birth_date" | "phone" | "class_level",
  ): {
    value: string;
    error: string | undefined;
    onChange: (event: { target: { value: string } }) => void;
  } => ({
    value: person[name],
    error: errors[name],
    onChange: (event) => {
      onChange({ ...person, [name]: event.target.value });
    },
  });
  const guardian = (part: Partial<NewPerson["guardian"]>): void => {
    onChange({ ...person, guardian: { ...person.guardian, ...part } });
  };

  return (
    <div className={styles.person} role="group" aria-label="Nouvel usager">
      <div className={styles.head}>
        <h3>Nouvel usager</h3>
        <IconButton icon="undo" label="Revenir à la recherche" onClick={onBack} />
      </div>
      <div className={fieldStyles.row}>
        <TextField ref={family} label="Nom" {...text("family_name")} />
        <TextField ref={given} label="Prénom" {...text("given_name")} />
      </div>
      <div className={fieldStyles.row}>
        <TextField label="Naissance" placeholder="jj/mm/aaaa" inputMode="numeric" {...text("birth_date")} />
        <TextField label="Téléphone" inputMode="tel" {...text("phone")} />
        <TextField label="Classe" {...text("class_level")} />
      </div>
      <div className={fieldStyles.row} role="group" aria-label="Responsable">
        <Select
          label="Responsable"
          className={styles.relation}
          value={person.guardian.relation}
          options={GUARDIANS}
          onChange={(relation) => {
            guardian({ relation });
          }}
        />
        <TextField
          label="Nom"
          placeholder={person.family_name}
          value={person.guardian.family_name}
          error={errors["guardians.0.family_name"]}
          onChange={(event) => {
            guardian({ family_name: event.target.value });
          }}
        />
        <TextField
          label="Téléphone"
          inputMode="tel"
          value={person.guardian.phone}
          error={errors["guardians.0.phone"]}
          onChange={(event) => {
            guardian({ phone: event.target.value });
          }}
        />
      </div>
    </div>
  );
}
