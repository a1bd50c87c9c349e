import { useWrite, type SlotView } from "~/shared/backend";
import { dayName, hourOf } from "~/shared/format/dates";
import { errorText } from "~/shared/errors";
import { useNotices } from "~/shared/notices/notices";
import { useSession } from "~/shared/session/session";
import { readLocal, type Draft } from "./draft";
import { hoursOf, readFilters } from "./slotFilters";

/** What the booking begun there is for. */
export interface NextWanted {
  kind?: string | undefined;
  counsellor?: string | undefined;
  /** Completes the booking before it is shown: somebody who is known already, an enquiry. */
  fill?: ((draft: Draft) => void) | undefined;
}

/** Begins a booking at the next free slot, whoever it is with unless somebody is asked for. */
export function useNextFree(then: {
  take: (slot: SlotView, kind: string) => Draft | null;
  /** Nothing is free for two months. */
  otherwise: (kind: string | undefined) => Draft | null;
}): (wanted: NextWanted) => void {
  const { office } = useSession();
  const { notify, announce } = useNotices();
  const { mutate } = useWrite("agenda.next");
  return ({ kind: asked, counsellor, fill }) => {
    const filters = readFilters();
    const usual = office.kinds.find((one) => one.id === filters.kind) ?? office.kinds[0];
    const kind = asked ?? usual?.id;
    if (kind === undefined) return;
    const site = office.sites.some((one) => one.id === filters.site) ? filters.site : null;
    mutate(
      {
        kind,
        counsellor: counsellor ?? (filters.counsellor || null),
        site,
        days: filters.days,
        ...hoursOf(filters),
        limit: 1,
      },
      {
        onSuccess: ({ slots }) => {
          const slot = slots[0];
          const draft = slot === undefined ? then.otherwise(kind) : then.take(slot, kind);
          if (slot === undefined)
            notify({ text: `Aucun créneau libre sous ${String(filters.days)} jours.`, tone: "warn" });
          else {
            const { date, minute } = readLocal(slot.local);
            announce(`${dayName(date)}, ${hourOf(minute)}, ${slot.counsellor.name}, libre`);
          }
          if (draft !== null) fill?.(draft);
        },
        onError: (error) => {
          const { text, severity } = errorText(error);
          notify({ text, tone: severity });
        },
      },
    );
  };
}
