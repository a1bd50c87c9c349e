import type { ReactNode } from "react";
import { IconButton } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import type { For, ForMeeting } from "./memory";
import styles from "./Catalogue.module.css";

/** For whom one looks: what is found can be pinned there, and go into the answer to an enquiry. */
export function ForWhom({
  enquiry,
  meeting,
  onBack,
  onLeave,
}: {
  enquiry: For | null;
  meeting: ForMeeting | null;
  onBack: () => void;
  onLeave: () => void;
}): ReactNode {
  if (enquiry !== null)
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
  if (meeting === null) return null;
  return (
    <div className={styles.forEnquiry}>
      <Icon name="calendar" small />
      <span>
        Pour le rendez-vous {meeting.name === "" ? "choisi" : "de "}
        <b>{meeting.name}</b>
      </span>
      <button type="button" className={styles.link} onClick={onBack}>
        Revenir au rendez-vous
      </button>
      <IconButton icon="close" label="Ne plus chercher pour ce rendez-vous" onClick={onLeave} />
    </div>
  );
}
