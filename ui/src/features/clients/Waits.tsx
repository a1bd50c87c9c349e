import { useState, type ReactNode } from "react";
import { useRead, type ClientView } from "~/shared/backend";
import { french } from "~/shared/format/text";
import { useRouter } from "~/shared/router/router";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { WaitingForm, type WaitingFor } from "~/shared/waiting/WaitingForm";
import { sinceText, wishText } from "~/shared/waiting/words";
import styles from "./ClientDetail.module.css";

/** What a person waits for, and the way onto the waiting list. */
export function Waits({ client }: { client: ClientView }): ReactNode {
  const { zone } = useSession();
  const { today } = useNow();
  const { go } = useRouter();
  const { data } = useRead("waiting.list", { client: client.id });
  const [of, setOf] = useState<WaitingFor | null>(null);
  const waits = (data?.entries ?? []).filter((entry) => entry.state === "waiting");
  return (
    <section className={styles.part} aria-label="Liste d’attente">
      {waits.length > 0 && (
        <>
          <h3>En liste d’attente</h3>
          <ul className={styles.rows}>
            {waits.map((entry) => (
              <li key={entry.id}>
                <button
                  type="button"
                  onClick={() => {
                    go("waiting", { entry: entry.id });
                  }}
                >
                  <b>{french(entry.kind.name)}</b>
                  <span className={styles.what}>
                    {[sinceText(entry.since, today, zone), wishText(entry)].filter(Boolean).join(" · ")}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <div>
        <Button
          small
          icon="hourglass"
          onClick={() => {
            setOf({ name: `${client.given_name} ${client.family_name}`.trim(), client: client.id });
          }}
        >
          Mettre en liste d’attente
        </Button>
      </div>
      <WaitingForm
        of={of}
        onClose={() => {
          setOf(null);
        }}
      />
    </section>
  );
}
