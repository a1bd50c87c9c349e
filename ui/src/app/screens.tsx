import type { ComponentType } from "react";
import type { StatusView } from "~/shared/backend";
import type { Screen } from "~/shared/router/router";
import type { IconName } from "~/shared/ui/Icon";
import { Agenda } from "~/features/agenda/Agenda";

export interface ScreenEntry {
  screen: Screen;
  label: string;
  icon: IconName;
  component: ComponentType;
  /** The count beside its name in the side bar, and what it counts. */
  count?: (status: StatusView) => number;
  countLabel?: string;
  urgent?: boolean;
}

/** The screens, in the order of the side bar. The first is the one that opens. */
export const SCREENS: readonly ScreenEntry[] = [
  { screen: "agenda", label: "Agenda", icon: "calendar", component: Agenda },
];
