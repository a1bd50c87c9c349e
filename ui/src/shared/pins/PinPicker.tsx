import type { ReactNode } from "react";
import { useRead, type PinPlace } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { french } from "~/shared/format/text";
import { useNow, useSession } from "~/shared/session/session";
import { useChoice, useTyping } from "~/shared/ui/choice";
import styles from "~/shared/ui/choice.module.css";
import { Dialog } from "~/shared/ui/Dialog";
import { TextField } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { Loading } from "~/shared/ui/Panel";
import { placeDetail, placeKey, type PinTarget } from "./words";

/** For whom: the meetings and the enquiries of the person at the desk; a name that is typed narrows, or finds another. */
export function PinPicker({
  open,
  title,
  onClose,
  onChoose,
}: {
  open: boolean;
  /** Of the record that is to be pinned. */
  title: string;
  onClose: () => void;
  onChoose: (target: PinTarget) => void;
}): ReactNode {
  return (
    <Dialog title="Épingler pour qui ?" open={open} onClose={onClose}>
      <Finder record={title} onChoose={onChoose} />
    </Dialog>
  );
}

function Finder({ record, onChoose }: { record: string; onChoose: (target: PinTarget) => void }): ReactNode {
  const typing = useTyping();
  const { text } = typing;
  const { zone } = useSession();
  const { today } = useNow();
  const { data, error, isPending, isPlaceholderData } = useRead(
    "catalogue.pin_places",
    { text },
    { keep: true },
  );
  const places = data ?? [];
  const choose = ({ to, label }: PinPlace): void => {
    onChoose({ to, name: label });
  };
  const { list, line, at, field } = useChoice(
    typing,
    places.length,
    !(isPending || isPlaceholderData),
    (index) => {
      const place = places[index];
      if (place !== undefined) choose(place);
    },
  );
  return (
    <>
      <div className={styles.box}>
        <p className="sub">{french(record)}</p>
        <TextField label="Nom" {...field} />
      </div>
      <div
        id={list}
        role="listbox"
        aria-label="Rendez-vous et demandes"
        className={places.length === 0 ? "vh" : styles.list}
      >
        {places.map((place, index) => (
          <div
            key={placeKey(place.to)}
            id={line(index)}
            role="option"
            aria-selected={index === at}
            className={styles.line}
            onClick={() => {
              choose(place);
            }}
          >
            <Icon name={"enquiry" in place.to ? "inbox" : "calendar"} />
            <div>
              <b>{place.label === "" ? "Sans nom" : place.label}</b>
              <span className="sub num">{placeDetail(place, today, zone)}</span>
            </div>
          </div>
        ))}
      </div>
      {places.length === 0 &&
        (error !== null ? (
          <p className={styles.none} role="alert">
            {errorText(error).text} {errorText(error).next}
          </p>
        ) : data === undefined ? (
          <div className={styles.none}>
            <Loading lines={3} />
          </div>
        ) : (
          <p className={styles.none} role="status">
            {text === ""
              ? "Aucun rendez-vous à venir et aucune demande à vous. Tapez un nom, ou prenez d’abord une demande en charge."
              : french("Aucun rendez-vous ni aucune demande à ce nom. Essayez le nom de famille seul.")}
          </p>
        ))}
    </>
  );
}
