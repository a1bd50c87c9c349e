import type { ReactNode } from "react";
import { useRead, type AppointmentView, type Pin } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { PinList } from "~/shared/pins/PinList";
import styles from "~/shared/pins/Pins.module.css";
import { usePinning } from "~/shared/pins/usePinning";
import { useRouter } from "~/shared/router/router";
import { useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Count } from "~/shared/ui/Chip";
import { Loading } from "~/shared/ui/Panel";

/** What a counsellor has laid ready for a meeting. Reception, to whom a file is closed, sees nothing of it. */
export function Preparation({ appointment }: { appointment: AppointmentView }): ReactNode {
  const { user } = useSession();
  if (user.role === "receptionist") return null;
  return <Pins appointment={appointment} />;
}

function Pins({ appointment }: { appointment: AppointmentView }): ReactNode {
  const { go } = useRouter();
  const pinning = usePinning();
  const to = { appointment: appointment.id };
  const { data, error } = useRead("catalogue.pins", { to });
  const name = data?.for ?? appointment.client?.name ?? "";
  const target = { to, name };
  const meeting = { id: appointment.id, name, date: appointment.date };
  const may = data?.may_pin === true;
  const add = (): void => {
    go("catalogue", { query: "", meeting });
  };
  useShortcuts(
    "Préparation",
    [
      {
        keys: "p",
        label: "Épingler une fiche du catalogue",
        run: () => {
          if (!may) return false;
          add();
          return true;
        },
      },
    ],
    "panel",
  );
  if (error?.code === "not_allowed") return null;
  const open = (pin: Pin): void => {
    go("catalogue", { record: pin.record, meeting });
  };
  const pins = data?.pins ?? [];
  const fromEnquiry = data?.of_enquiry ?? [];
  const count = pins.length + fromEnquiry.length;
  return (
    <section aria-label="Préparation" className={styles.preparation}>
      <div className={styles.head}>
        <h3>Préparation {count > 0 && <Count label="fiches épinglées">{count}</Count>}</h3>
        {may && (
          <Button small icon="pin" shortcut="p" onClick={add}>
            Ajouter
          </Button>
        )}
      </div>
      {error !== null ? (
        <p className="sub" role="alert">
          {errorText(error).text} {errorText(error).next}
        </p>
      ) : data === undefined ? (
        <Loading lines={2} />
      ) : count === 0 ? (
        <p className="sub">
          {may
            ? "Aucune fiche épinglée. Ajoutez-en du catalogue avec P : elles seront là le jour du rendez-vous."
            : "Aucune fiche épinglée."}
        </p>
      ) : (
        <>
          {pins.length > 0 && (
            <PinList
              label="Fiches épinglées au rendez-vous"
              pins={pins}
              most={3}
              onOpen={open}
              {...(may
                ? {
                    onRemove: (pin) => {
                      pinning.unpin(target, { id: pin.record, title: pin.title });
                    },
                    onNote: (pin, note, done) => {
                      pinning.note(target, { id: pin.record, title: pin.title }, note, done);
                    },
                  }
                : {})}
            />
          )}
          {fromEnquiry.length > 0 && (
            <>
              <h4 className={styles.part}>Venues de la demande</h4>
              <PinList label="Fiches venues de la demande" pins={fromEnquiry} most={3} onOpen={open} />
            </>
          )}
        </>
      )}
    </section>
  );
}
