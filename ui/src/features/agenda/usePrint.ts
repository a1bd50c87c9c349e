import { useWrite, type PrintedFile } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { french, plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";

const TITLES = {
  "print.day_sheet": "Feuille du jour prête",
  "print.letter": "Convocation prête",
  "print.sign_in": "Feuille d'émargement prête",
} as const;

/** Where a page is, and how it gets onto paper: it opens in the computer's own program, or its place is said. */
export function printedText(name: keyof typeof TITLES, { file, pages, shown }: PrintedFile): string {
  const ready = `${TITLES[name]}, ${plural(pages, "page")}`;
  return french(
    shown
      ? `${ready}. Elle s'ouvre pour être imprimée : ${file}`
      : `${ready}, à ouvrir et imprimer : ${file}`,
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
  const daySheet = useWrite("print.day_sheet");
  const letter = useWrite("print.letter");
  const signIn = useWrite("print.sign_in");
  const answered = (name: keyof typeof TITLES) => ({
    onSuccess: (printed: PrintedFile) => {
      notify({ text: printedText(name, printed), tone: "good" });
    },
    onError: (error: Parameters<typeof errorText>[0]) => {
      const { text, next, severity } = errorText(error);
      notify({ text: `${text} ${next}`, tone: severity });
    },
  });
  return {
    busy: daySheet.isPending || letter.isPending || signIn.isPending,
    daySheet: (date, desk) => {
      daySheet.mutate({ date, desk }, answered("print.day_sheet"));
    },
    letter: (id) => {
      letter.mutate({ id }, answered("print.letter"));
    },
    signIn: (id) => {
      signIn.mutate({ id }, answered("print.sign_in"));
    },
  };
}
