import { useCallback } from "react";
import { asBackendError, useBackend, type CatalogueRecord } from "~/shared/backend";
import { appended, insertedText, replyText } from "~/shared/catalogue/reply";
import { errorText } from "~/shared/errors";
import { useNotices } from "~/shared/notices/notices";
import { useRouter } from "~/shared/router/router";
import type { For } from "./memory";

/** Puts a record under what is already written in the answer to an enquiry, where the desk keeps it. */
export function useInsert(enquiry: For | null): (record: CatalogueRecord) => void {
  const backend = useBackend();
  const { notify } = useNotices();
  const { go } = useRouter();
  return useCallback(
    (record) => {
      if (enquiry === null) return;
      const key = `answer:${enquiry.id}`;
      const insert = async (): Promise<void> => {
        const kept = await backend.call<{ text: string } | null>("drafts.get", { key });
        await backend.call<null>("drafts.set", { key, text: appended(kept?.text ?? "", replyText(record)) });
      };
      insert().then(
        () => {
          notify({
            text: insertedText(record),
            tone: "good",
            action: {
              label: "Revenir à la demande",
              run: () => {
                go("enquiries", { enquiry: enquiry.id });
              },
            },
          });
        },
        (error: unknown) => {
          const { text, severity } = errorText(asBackendError(error));
          notify({ text, tone: severity });
        },
      );
    },
    [backend, enquiry, notify, go],
  );
}
