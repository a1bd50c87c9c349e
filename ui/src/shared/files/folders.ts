import { useCallback } from "react";
import { asBackendError, useWrite, type WrittenFolder } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { french } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";

/** The name of a file without the folders that it is in, whichever way the computer writes them. */
export function nameOfFile(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}

/** Opens a folder that the desk writes into; where no program shows folders, its place is said. */
export function useShowFolder(): (of: WrittenFolder) => void {
  const { notify } = useNotices();
  const { mutateAsync } = useWrite("files.show_folder");
  return useCallback(
    (of) => {
      // What wrote the file may be gone when its notice is pressed, as a dialog is: the promise is told all the same.
      mutateAsync({ of }).then(
        ({ folder, shown }) => {
          if (!shown) notify({ text: french(`Le dossier : ${folder}`), tone: "good" });
        },
        (error: unknown) => {
          const { text, severity } = errorText(asBackendError(error));
          notify({ text, tone: severity });
        },
      );
    },
    [mutateAsync, notify],
  );
}
