import type { ReactNode } from "react";
import type { AppointmentView } from "~/shared/backend";
import { Chip } from "~/shared/ui/Chip";
import { markOf } from "./dayModel";

/** What lies over a meeting's state: nothing, that it is to be sent, or how sure its place is. */
export function Mark({ of }: { of: AppointmentView }): ReactNode {
  const mark = markOf(of);
  return mark !== null && <Chip state={mark} />;
}
