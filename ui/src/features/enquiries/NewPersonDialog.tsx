import { useState, type ReactNode } from "react";
import { useRead, useWrite, type EnquiryView } from "~/shared/backend";
import { NewPersonFields } from "~/shared/booking/NewPersonFields";
import { clientDraft } from "~/shared/booking/newPerson";
import { refusalOf } from "~/shared/booking/warnings";
import { errorText, fieldErrorText } from "~/shared/errors";
import { useNotices } from "~/shared/notices/notices";
import { duplicateText } from "~/shared/people/duplicates";
import { personName } from "~/shared/people/PersonField";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Note } from "~/shared/ui/Note";
import styles from "./BookingDialog.module.css";
import { personOf } from "./person";

/** A record made from what the enquiry says, and linked to it. */
export function NewPersonDialog({
  view,
  open,
  onClose,
}: {
  view: EnquiryView;
  open: boolean;
  onClose: () => void;
}): ReactNode {
  return (
    <Dialog title="Créer la fiche" open={open} onClose={onClose}>
      {open && <Form view={view} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ view, onClose }: { view: EnquiryView; onClose: () => void }): ReactNode {
  const [person, setPerson] = useState(() => personOf(view));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const { notify } = useNotices();
  const save = useWrite("clients.save");
  const identify = useWrite("enquiries.identify");
  const draft = {
    ...clientDraft(person),
    school: view.school,
    postal_code: view.postal_code === "" ? null : view.postal_code,
    mail: view.relation === "self" ? view.mail : null,
    category: view.category,
  };
  const { data: check } = useRead("clients.check", draft, { keep: true });
  const doubles = check?.duplicates ?? [];

  const link = (client: string, name: string): void => {
    identify.mutate(
      { id: view.id, client },
      {
        onSuccess: () => {
          notify({ text: `Demande rattachée à ${name}`, tone: "good" });
          onClose();
        },
        onError: (error) => {
          const said = errorText(error);
          notify({ text: said.text, tone: said.severity });
        },
      },
    );
  };

  return (
    <form
      noValidate
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        setErrors({});
        save.mutate(draft, {
          onSuccess: (done) => {
            if (done.id !== null) link(done.id, `${person.given_name} ${person.family_name}`.trim());
          },
          onError: (error) => {
            const { fields } = refusalOf(error.params, error.code);
            if (fields.length > 0) {
              setErrors(Object.fromEntries(fields.map(({ field, code }) => [field, fieldErrorText(code)])));
              return;
            }
            const said = errorText(error);
            notify({ text: said.text, tone: said.severity });
          },
        });
      }}
    >
      <NewPersonFields person={person} errors={errors} onChange={setPerson} onBack={onClose} />
      {doubles.length > 0 && (
        <Note tone="warn" icon="merge" live>
          {doubles.slice(0, 3).map((match) => (
            <p key={match.id}>
              <b>{personName(match)}</b> : {duplicateText(match)}{" "}
              <Button
                small
                onClick={() => {
                  link(match.id, personName(match));
                }}
              >
                Rattacher à cette fiche
              </Button>
            </p>
          ))}
        </Note>
      )}
      <DialogActions>
        <Button tone="primary" submit shortcut="Enter" disabled={save.isPending || identify.isPending}>
          Créer et rattacher
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Fermer
        </Button>
      </DialogActions>
    </form>
  );
}
