import { asBackendError, useWrite, type PrintedFile } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { french, plural } from "~/shared/format/text";
import { nameOfFile, useShowFolder } from "~/shared/files/folders";
import { useNotices } from "~/shared/notices/notices";

const TITLES = {
  "print.day_sheet": "Feuille du jour prête",
  "print.letter": "Convocation prête",
  "print.sign_in": "Feuille d'émargement prête",
} as const;

/** How a page gets onto paper: it opens in the computer's own program, or its name is said, and its folder opens. */
export function printedText(name: keyof typeof TITLES, { file, pages, shown }: PrintedFile): string {
  const ready = `${TITLES[name]}, ${plural(pages, "page")}`;
  return french(
    shown ? `${ready}. Elle s'ouvre pour être imprimée.` : `${ready}, à imprimer : ${nameOfFile(file)}`,
  );
}

/** Makes pages and says where they are. */
export function usePrint(): {
  busy: boolean;
  daySheet: (date: string, desk: boolean) => void;
  letter: (appointment: string) => void;
  signIn: (appointment: string) => void;
} {
  const { notify } = useNotices();
  const showFolder = useShowFolder();
  const daySheet = useWrite("print.day_sheet");
  const letter = useWrite("print.letter");
  const signIn = useWrite("print.sign_in");
  // What asks for a page may be gone when it is ready, as the dialog is: the promise is told, the component is not.
  const say = (name: keyof typeof TITLES, page: Promise<PrintedFile>): void => {
    page.then(
      (printed) => {
        notify({
          text: printedText(name, printed),
          tone: "good",
          action: {
            label: "Ouvrir le dossier",
            run: () => {
              showFolder("prints");
            },
          },
        });
      },
      (error: unknown) => {
        const { text, next, severity } = errorText(asBackendError(error));
        notify({ text: `${text} ${next}`, tone: severity });
      },
    );
  };
  return {
    busy: daySheet.isPending || letter.isPending || signIn.isPending,
    daySheet: (date, desk) => {
      say("print.day_sheet", daySheet.mutateAsync({ date, desk }));
    },
    letter: (id) => {
      say("print.letter", letter.mutateAsync({ id }));
    },
    signIn: (id) => {
      say("print.sign_in", signIn.mutateAsync({ id }));
    },
  };
}
