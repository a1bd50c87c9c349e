import type { HitView, ReplanDecision, SlotView } from "~/shared/backend";

/** What becomes of one meeting that a change hits. */
export type Decision = { take: "move"; slot: SlotView } | { take: "cancel" } | { take: "keep" };

export type Decisions = Readonly<Record<string, Decision>>;

const slotKey = (slot: SlotView): string => `${slot.counsellor.id} ${slot.local}`;

/** A place that another meeting of this change goes to already is no longer free. */
export function taken(decisions: Decisions, by: string): ReadonlySet<string> {
  return new Set(
    Object.entries(decisions).flatMap(([id, one]) =>
      id !== by && one.take === "move" ? [slotKey(one.slot)] : [],
    ),
  );
}

export function isFree(slot: SlotView, used: ReadonlySet<string>): boolean {
  return !used.has(slotKey(slot));
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
