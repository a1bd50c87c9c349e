import { useState, type ReactNode } from "react";
import type { CatalogueLink } from "~/shared/backend";
import { figure } from "~/shared/format/numbers";
import { Icon } from "~/shared/ui/Icon";
import { kindIcon } from "./kinds";
import styles from "./Record.module.css";

const SHOWN = 6;

/** A link to another record; one that the catalogue only knows by name is said so. */
export function RecordLink({
  link,
  onOpen,
}: {
  link: CatalogueLink;
  onOpen: ((id: string) => void) | undefined;
}): ReactNode {
  if (!link.known)
    return (
      <span>
        {link.label === link.id ? "Nom inconnu" : link.label}
        <span className="sub"> {link.label === link.id ? `(${link.id}), ` : ""}hors catalogue</span>
      </span>
    );
  if (onOpen === undefined) return <span>{link.label}</span>;
  return (
    <button
      type="button"
      className={styles.link}
      onClick={() => {
        onOpen(link.id);
      }}
    >
      {link.label}
    </button>
  );
}

/** Records of one kind that a record leads to; many of them are shown on demand. */
export function Links({
  title,
  kind,
  links,
  onOpen,
}: {
  title: string;
  kind: string;
  links: readonly CatalogueLink[];
  onOpen: ((id: string) => void) | undefined;
}): ReactNode {
  const [all, setAll] = useState(false);
  if (links.length === 0) return null;
  // One more than what is shown takes no more room than the button that would show it.
  const cut = !all && links.length > SHOWN + 1;
  return (
    <section className={styles.section} aria-label={title}>
      <h3>{title}</h3>
      <ul className={styles.links}>
        {(cut ? links.slice(0, SHOWN) : links).map((link, index) => (
          <li key={index}>
            <Icon name={kindIcon(kind)} small />
            <RecordLink link={link} onOpen={onOpen} />
          </li>
        ))}
      </ul>
      {cut && (
        <button
          type="button"
          className={styles.more}
          onClick={() => {
            setAll(true);
          }}
        >
          Afficher les {figure(links.length - SHOWN)} autres
        </button>
      )}
    </section>
  );
}
