import { useEffect, useId, useState, type KeyboardEvent, type ReactNode, type Ref } from "react";
import { counted } from "~/shared/format/numbers";
import { IconButton } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { Select } from "~/shared/ui/Select";
import { NearField } from "./NearField";
import type { Asked } from "./query";
import styles from "./SearchHead.module.css";

const RADII = [
  { value: "10", label: "10 km" },
  { value: "30", label: "30 km" },
  { value: "50", label: "50 km" },
  { value: "100", label: "100 km" },
  { value: "0", label: "France entière" },
] as const;
/** A wait that is noticed. */
const LATE_MS = 150;

/** A count of what was typed before is not that of what is typed now. */
function Total({ total, waiting }: { total: number | null; waiting: boolean }): ReactNode {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => {
      setLate(true);
    }, LATE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [waiting]);
  if (late)
    return (
      <span className={styles.total} role="status">
        Recherche…
      </span>
    );
  return total !== null && <span className={styles.total}>{counted(total, "résultat", "résultats")}</span>;
}

/** The one box, and the place that distances are from. */
export function SearchHead({
  ref,
  asked,
  total,
  waiting,
  list,
  near,
  understood,
  nearUnknown,
  preview,
  onAsked,
  onKeyDown,
}: {
  ref: Ref<HTMLInputElement>;
  asked: Asked;
  /** How many records answer; not known yet when null. */
  total: number | null;
  /** What is typed is not answered yet. */
  waiting: boolean;
  /** The list that the box fills, while it is there. */
  list: string | null;
  /** Whose home the place is: `chez Jade`. */
  near: string | null;
  /** The place as the desk reads it; not known yet when null. */
  understood: string | null;
  nearUnknown: boolean;
  /** The drawer of the record that one stands on, where there is one. */
  preview: { id: string; open: boolean; onToggle: () => void } | null;
  onAsked: (part: Partial<Asked>) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}): ReactNode {
  const help = useId();
  const radius = RADII.find((one) => one.value === String(asked.within ?? 0)) ?? RADII[4];
  return (
    <section className={styles.head} aria-label="Recherche">
      <div className={styles.box}>
        <Icon name="search" />
        <input
          ref={ref}
          type="text"
          role="searchbox"
          aria-label="Chercher dans le catalogue"
          aria-controls={list ?? undefined}
          aria-describedby={help}
          autoComplete="off"
          spellCheck={false}
          placeholder="Formation, métier, établissement ou question"
          value={asked.text}
          onChange={(event) => {
            onAsked({ text: event.target.value });
          }}
          onKeyDown={onKeyDown}
        />
        <span id={help} className="vh">
          Flèche bas pour parcourir les résultats
        </span>
        <Total total={total} waiting={waiting} />
        {asked.text !== "" && (
          <IconButton
            icon="close"
            label="Effacer la recherche"
            onClick={() => {
              onAsked({ text: "" });
            }}
          />
        )}
      </div>
      <NearField
        near={understood ?? asked.near}
        label={near === null ? "Près de" : `Près de ${near}`}
        unknown={nearUnknown}
        onNear={(place) => {
          onAsked(place === "" ? { near: "", within: null, order: "relevance" } : { near: place });
        }}
      />
      {asked.near !== "" && (
        <Select
          label="Distance"
          labelHidden
          className={styles.radius}
          value={radius.value}
          options={RADII}
          onChange={(value) => {
            onAsked({ within: value === "0" ? null : Number(value) });
          }}
        />
      )}
      {preview !== null && (
        <IconButton
          icon="panel"
          label={preview.open ? "Fermer l’aperçu" : "Ouvrir l’aperçu"}
          aria-expanded={preview.open}
          aria-controls={preview.open ? preview.id : undefined}
          aria-keyshortcuts="a"
          onClick={preview.onToggle}
        />
      )}
    </section>
  );
}
