import type { ReactNode } from "react";
import { useRead } from "~/shared/backend";
import { clock } from "~/shared/format/dates";
import { useNow } from "~/shared/session/session";
import { EmptyState } from "~/shared/ui/Panel";
import styles from "./Clients.module.css";

/** Before anything is typed: those who are expected today are the ones most often looked for. */
export function TodaysPeople({
  current,
  onOpen,
}: {
  current: string | null;
  onOpen: (id: string) => void;
}): ReactNode {
  const { today } = useNow();
  const { data: day } = useRead("agenda.day", { date: today });
  const expected = (day?.blocks ?? [])
    .filter(
      (one) => one.client !== null && !["cancelled", "excused", "declined", "expired"].includes(one.status),
    )
    .sort((a, b) => a.from_min - b.from_min);
  if (expected.length === 0)
    return (
      <EmptyState title="Cherchez quelqu’un.">Les accents et les majuscules ne comptent pas.</EmptyState>
    );
  return (
    <section className={styles.today} aria-labelledby="attendus">
      <h2 id="attendus">Attendus aujourd’hui</h2>
      <ul>
        {expected.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className={styles.line}
              aria-current={one.client?.id === current ? "true" : undefined}
              onClick={() => {
                if (one.client !== null) onOpen(one.client.id);
              }}
            >
              <span className={styles.expected}>
                <b>{[one.client?.family_name, one.client?.given_name].filter(Boolean).join(", ")}</b>
                <span className="num">{clock(one.start, one.zone)}</span>
              </span>
              <span className="sub">
                {[one.client?.class_level, one.counsellor.name].filter(Boolean).join(" · ")}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
