import { useState, type FormEvent, type ReactNode } from "react";
import { useRead } from "~/shared/backend";
import { addDays, dayName, type Day } from "~/shared/format/dates";
import { useRouter, type Routes } from "~/shared/router/router";
import { useNow } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Segmented } from "~/shared/ui/Segmented";
import bar from "./Agenda.module.css";
import styles from "./CancelDialog.module.css";
import { usePrint } from "./usePrint";

const LAYOUT = "passerelle.feuille";
type Layout = "counsellors" | "desk";

/** "Demain": the button, the question that it asks, and the same question when Ctrl P or the palette asks for it. */
export function PrintSheet({ shown }: { shown: Day }): ReactNode {
  const { place } = useRouter();
  const { today } = useNow();
  const { data: day } = useRead("agenda.day", { date: today });
  const [pressed, setPressed] = useState(false);
  const asked = place.screen === "agenda" && (place.params as Routes["agenda"]).print ? place.visit : -1;
  const [answered, setAnswered] = useState(-1);
  const open = pressed || (asked >= 0 && asked !== answered);
  const close = (): void => {
    setPressed(false);
    setAnswered(asked);
  };
  return (
    <>
      <Button
        small
        icon="printer"
        aria-label="Demain : imprimer la feuille du jour"
        aria-keyshortcuts="Control+p"
        onClick={() => {
          setPressed(true);
        }}
      >
        <span className={bar.printWord}>Demain</span>
      </Button>
      <Dialog title="Imprimer la feuille du jour" open={open} onClose={close}>
        {open && (
          <PrintForm
            days={daysOffered(today, day?.todo.tomorrow ?? addDays(today, 1), shown)}
            onClose={close}
          />
        )}
      </Dialog>
    </>
  );
}

/** The next working day first, then today, then the day on the screen when it is neither. */
export function daysOffered(today: Day, tomorrow: Day, shown: Day): { value: Day; label: string }[] {
  const days = [
    { value: tomorrow, label: dayName(tomorrow, "short") },
    { value: today, label: "Aujourd’hui" },
  ];
  if (shown !== today && shown !== tomorrow) days.push({ value: shown, label: dayName(shown, "short") });
  return days;
}

function PrintForm({
  days,
  onClose,
}: {
  days: { value: Day; label: string }[];
  onClose: () => void;
}): ReactNode {
  const print = usePrint();
  const [date, setDate] = useState(days[0]?.value ?? "");
  const [layout, setLayout] = useState<Layout>(() =>
    localStorage.getItem(LAYOUT) === "desk" ? "desk" : "counsellors",
  );
  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    localStorage.setItem(LAYOUT, layout);
    print.daySheet(date, layout === "desk");
    onClose();
  };
  return (
    <form className={styles.form} onSubmit={submitted}>
      <Segmented label="Jour" value={date} onChange={setDate} options={days} />
      <Segmented
        label="Présentation"
        value={layout}
        onChange={setLayout}
        options={[
          { value: "counsellors", label: "Une page par conseiller" },
          { value: "desk", label: "Une page pour l’accueil" },
        ]}
      />
      <p className="sub">
        {dayName(date, "year")}. A4, en noir et blanc, avec des lignes vides pour écrire sur les créneaux
        libres.
      </p>
      <DialogActions>
        <Button tone="primary" submit shortcut="Enter" autoFocus>
          Imprimer
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Fermer
        </Button>
      </DialogActions>
    </form>
  );
}
