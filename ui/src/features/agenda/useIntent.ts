import { useEffect, useRef } from "react";
import type { DayView, SlotView } from "~/shared/backend";
import { civil } from "~/shared/format/dates";
import { useRouter, type Routes } from "~/shared/router/router";
import { useSession } from "~/shared/session/session";
import type { Draft } from "./draft";

/** Does once what another screen, the palette or a notice asked of the agenda: a day, a meeting, a booking begun elsewhere. */
export function useIntent(agenda: {
  today: string;
  day: DayView | undefined;
  goTo: (date: string) => void;
  book: (start: { date: string; minute: number; counsellor: string }, kind?: string) => Draft | null;
  takeSlot: (slot: SlotView, kind?: string) => Draft | null;
  setDraft: (draft: Draft | null) => void;
  setOpened: (opened: { id: string; column: string }) => void;
  setDate: (date: string) => void;
}): void {
  const { place } = useRouter();
  const { zone, people } = useSession();
  const done = useRef(-1);
  useEffect(() => {
    if (place.screen !== "agenda" || done.current === place.visit) return;
    done.current = place.visit;
    const params = place.params as Routes["agenda"];
    if (params.appointment !== undefined) {
      if (params.date !== undefined) agenda.setDate(params.date);
      agenda.setOpened({ id: params.appointment, column: "" });
      return;
    }
    const intent = params.book;
    if (intent === undefined) {
      if (params.date !== undefined) agenda.goTo(params.date === "" ? agenda.today : params.date);
      return;
    }
    const at = intent.start === undefined ? null : civil(intent.start, zone);
    const counsellor = intent.counsellor ?? people.find((person) => person.role === "counsellor")?.id ?? "";
    const draft = agenda.book(
      { date: at?.day ?? params.date ?? agenda.today, minute: at?.minute ?? 9 * 60, counsellor },
      intent.kind,
    );
    if (draft === null) return;
    agenda.setDraft({
      ...draft,
      enquiry: intent.enquiry ?? null,
      client: intent.client ?? null,
      text:
        intent.client === undefined
          ? ""
          : [intent.client.family_name, intent.client.given_name].filter(Boolean).join(", "),
    });
  });
}
