import { useState, type ReactNode } from "react";
import { useRead, type ClientMatch } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { civil, clock, dayName, hour } from "~/shared/format/dates";
import { phone } from "~/shared/format/text";
import { useNow, useSession } from "~/shared/session/session";
import { TextField } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { Note } from "~/shared/ui/Note";
import { Loading } from "~/shared/ui/Panel";
import styles from "./DeskColumn.module.css";

/** The offices around a home with the next place that each has, as central last said it: also without the network. */
export function Elsewhere({ client }: { client: ClientMatch | null }): ReactNode {
  const { zone } = useSession();
  const { today } = useNow();
  const [typed, setTyped] = useState<string | null>(null);
  const code = typed ?? client?.postal_code ?? "";
  const whole = /^\d{5}$/.test(code.trim());
  const { data, error } = useRead(
    "offices.nearest",
    { postal_code: whole ? code.trim() : null, client: whole ? null : (client?.id ?? null), limit: 20 },
    { keep: true, every: 5 * 60_000 },
  );
  return (
    <>
      <TextField
        label="Code postal du domicile"
        hint={data?.communes.slice(0, 2).join(", ")}
        inputMode="numeric"
        maxLength={5}
        value={code}
        placeholder={data?.postal_code}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
      />
      {data === undefined && error === null && <Loading />}
      {error !== null && <Note tone="bad">{errorText(error).text}</Note>}
      {data?.communes.length === 0 && <p className="sub">Ce code postal n’est celui d’aucune commune.</p>}
      <ul className={styles.centres} aria-label="Centres les plus proches">
        {data?.centres.map((centre) => {
          const slot = centre.slots[0];
          return (
            <li key={centre.uai}>
              <p>
                <b>{centre.name}</b>
                {centre.distance_km !== null && (
                  <span className="num sub">
                    {centre.distance_km.toLocaleString("fr-FR", { maximumFractionDigits: 1 })} km
                  </span>
                )}
              </p>
              <p className="num">
                {slot === undefined
                  ? centre.own
                    ? "Pas de créneau dans les deux mois"
                    : "Créneaux : à demander au centre"
                  : `${dayName(civil(slot.start, slot.zone).day, "short")}, ${clock(slot.start, slot.zone)}, ${slot.counsellor.name}`}
              </p>
              {(centre.assigned || centre.own) && (
                <p className="sub">{centre.own ? "ce centre" : "secteur du domicile"}</p>
              )}
              {!centre.own && centre.phone !== null && (
                <p className="num sub">
                  <Icon name="phone" small /> {phone(centre.phone)}
                </p>
              )}
            </li>
          );
        })}
      </ul>
      {data !== undefined && (
        <p className="sub">
          {data.as_of === null
            ? "Les autres centres n’ont encore jamais répondu."
            : `Autres centres : état connu ${
                civil(data.as_of, zone).day === today
                  ? "aujourd’hui"
                  : dayName(civil(data.as_of, zone).day, "short")
              } à ${hour(data.as_of, zone)}${data.online === false ? ", hors ligne depuis" : ""}.`}
        </p>
      )}
    </>
  );
}
