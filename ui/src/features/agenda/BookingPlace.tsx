import { useState, type ReactNode } from "react";
import { useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { fieldStyles } from "~/shared/ui/Field";
import { Select } from "~/shared/ui/Select";
import styles from "./BookingPanel.module.css";
import type { Draft } from "./draft";

const NOBODY = "";
const BY_THE_RULES = "";

/** Whatever is seldom said of a booking: a second counsellor, another place than where the first one is, a room. */
export function BookingPlace({
  draft,
  onChange,
}: {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}): ReactNode {
  const { office, people } = useSession();
  const said = draft.second !== null || draft.site !== null || draft.room !== null;
  const [open, setOpen] = useState(draft.second !== null);
  const colleagues = people.filter(
    (one) => (one.role === "counsellor" || one.role === "director") && one.id !== draft.counsellor,
  );
  const site = draft.site ?? office.sites.find((one) => one.main)?.id;
  const rooms = office.rooms.filter((room) => room.site === site);
  if (!open)
    return (
      <p>
        <Button
          small
          tone="quiet"
          icon={said ? "check" : "plus"}
          aria-expanded={false}
          onClick={() => {
            setOpen(true);
          }}
        >
          À deux conseillers, lieu, salle
        </Button>
      </p>
    );
  return (
    <div className={styles.place} role="group" aria-label="À deux conseillers, lieu, salle">
      <Select
        label="Avec aussi"
        value={draft.second ?? NOBODY}
        options={[
          { value: NOBODY, label: "Personne d’autre" },
          ...colleagues.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(id) => {
          onChange({ second: id === NOBODY ? null : id });
        }}
      />
      <div className={fieldStyles.row}>
        {office.sites.length > 1 && (
          <Select
            label="Lieu"
            value={draft.site ?? BY_THE_RULES}
            options={[
              { value: BY_THE_RULES, label: "Là où se trouve le conseiller" },
              ...office.sites.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(id) => {
              onChange({ site: id === BY_THE_RULES ? null : id, room: null });
            }}
          />
        )}
        {rooms.length > 0 && (
          <Select
            label="Salle"
            value={draft.room ?? BY_THE_RULES}
            options={[
              { value: BY_THE_RULES, label: "Selon le motif" },
              ...rooms.map(({ id, name, seats }) => ({
                value: id,
                label: `${name}, ${String(seats)} place${seats > 1 ? "s" : ""}`,
              })),
            ]}
            onChange={(id) => {
              onChange({ room: id === BY_THE_RULES ? null : id, site: site ?? null });
            }}
          />
        )}
      </div>
    </div>
  );
}
