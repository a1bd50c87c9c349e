import { useEffect, useRef } from "react";
import { civil } from "~/shared/format/dates";
import { useRouter, type Routes } from "~/shared/router/router";
import { useSession } from "~/shared/session/session";
import type { CallPlace } from "./CallList";
import type { Draft } from "./draft";
import type { NextWanted } from "./useNextFree";

/** Does once what another screen, the palette or a notice asked of the agenda: a day, a meeting, a booking begun elsewhere. */
export function useIntent(agenda: {
  today: string;
  goTo: (date: string) => void;
  book: (start: { date: string; minute: number; counsellor: string }, kind?: string) => Draft | null;
  bookNext: (wanted: NextWanted) => void;
  setDraft: (draft: Draft | null) => void;
  showMeeting: (date: string, appointment: string) => void;
  sweep: () => void;
  call: (place: CallPlace) => void;
}): void {
  const { place } = useRouter();
  const { zone, people } = useSession();
  const done = useRef(-1);
  useEffect(() => {
    if (place.screen !== "agenda" || done.current === place.visit) return;
    done.current = place.visit;
    const params = place.params as Routes["agenda"];
    if (params.calls !== undefined) {
      agenda.call(params.calls);
      return;
    }
    if (params.appointment !== undefined) {
      agenda.showMeeting(params.date ?? agenda.today, params.appointment);
      return;
    }
    if (params.sweep === true) {
      agenda.sweep();
      return;
    }
    const intent = params.book;
    if (intent === undefined) {
      if (params.date !== undefined) agenda.goTo(params.date === "" ? agenda.today : params.date);
      return;
    }
    const fill = (draft: Draft): void => {
      agenda.setDraft({
        ...draft,
        enquiry: intent.enquiry ?? null,
        waiting: intent.waiting ?? null,
        client: intent.client ?? null,
        text:
          intent.client === undefined
            ? ""
            : [intent.client.family_name, intent.client.given_name].filter(Boolean).join(", "),
      });
    };
    const { counsellor, kind } = intent;
    // Without an hour: whoever telephones is offered the next free one.
    if (intent.start === undefined && params.date === undefined) {
      agenda.bookNext({ kind, counsellor, fill });
      return;
    }
    const at = intent.start === undefined ? null : civil(intent.start, zone);
    const somebody = counsellor ?? people.find((person) => person.role === "counsellor")?.id ?? "";
    const draft = agenda.book(
      { date: at?.day ?? params.date ?? agenda.today, minute: at?.minute ?? 9 * 60, counsellor: somebody },
      kind,
    );
    if (draft !== null) fill(draft);
  });
}
