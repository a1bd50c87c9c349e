import type { ReactNode } from "react";
import { IconButton } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import type { For } from "./memory";
import styles from "./Catalogue.module.css";

/** For whom one looks: what is found can go into the answer to them. */
export function ForEnquiry({
  enquiry,
  onBack,
  onLeave,
}: {
  enquiry: For;
  onBack: () => void;
  onLeave: () => void;
}): ReactNode {
  return (
    <div className={styles.forEnquiry}>
      <Icon name="inbox" small />
      <span>
        Pour la demande de <b>{enquiry.name}</b>
      </span>
      <button type="button" className={styles.link} onClick={onBack}>
        Revenir à la demande
      </button>
      <IconButton icon="close" label="Ne plus chercher pour cette demande" onClick={onLeave} />
    </div>
  );
}
