import type { HitView, ReplanDecision, SlotView } from "~/shared/backend";

/** What becomes of one meeting that a change hits. */
export type Decision = { take: "move"; slot: SlotView } | { take: "cancel" } | { take: "keep" };

export type Decisions = Readonly<Record<string, Decision>>;

/** Where the other meetings of this change go: no longer free for this one. */
export function taken(decisions: Decisions, by: string): readonly SlotView[] {
  return Object.entries(decisions).flatMap(([id, one]) =>
    id !== by && one.take === "move" ? [one.slot] : [],
  );
}

/** Meetings are of different lengths: what counts is whether they touch, not whether they begin together. */
export function isFree(slot: SlotView, used: readonly SlotView[]): boolean {
  return !used.some(
    (one) =>
      one.counsellor.id === slot.counsellor.id &&
      Date.parse(one.start) < Date.parse(slot.end) &&
      Date.parse(slot.start) < Date.parse(one.end),
  );
}

/** Moves each meeting that has no decision yet to its nearest place that is still free: with the same person if possible. */
export function moveAll(hits: readonly HitView[], before: Decisions): Decisions {
  const next: Record<string, Decision> = { ...before };
  for (const hit of hits) {
    const id = hit.appointment.id;
    if (next[id] !== undefined) continue;
    const used = taken(next, id);
    const slot = [...hit.same_person, ...hit.colleagues].find((one) => isFree(one, used));
    if (slot !== undefined) next[id] = { take: "move", slot };
  }
  return next;
}

/** As the desk takes them; null while one is missing. */
export function sentDecisions(
  hits: readonly HitView[],
  decisions: Decisions,
  reason: string,
): ReplanDecision[] | null {
  const sent: ReplanDecision[] = [];
  for (const hit of hits) {
    const one = decisions[hit.appointment.id];
    if (one === undefined) return null;
    sent.push({
      appointment: hit.appointment.id,
      take: one.take,
      slot:
        one.take === "move"
          ? { local: one.slot.local, counsellor: one.slot.counsellor.id, site: one.slot.site }
          : null,
      reason: one.take === "move" ? null : reason.trim(),
    });
  }
  return sent;
}
