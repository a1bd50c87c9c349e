import type { ComponentType } from "react";
import type { StatusView } from "~/shared/backend";
import type { Screen } from "~/shared/router/router";
import type { IconName } from "~/shared/ui/Icon";
import { Agenda } from "~/features/agenda/Agenda";
import { Clients } from "~/features/clients/Clients";
import { Conflicts } from "~/features/conflicts/Conflicts";
import { Enquiries } from "~/features/enquiries/Enquiries";

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

/** The screens, in the order of the side bar. */
export const SCREENS: readonly ScreenEntry[] = [
  {
    screen: "enquiries",
    label: "Demandes",
    icon: "inbox",
    component: Enquiries,
    count: (status) => status.enquiries_todo,
    countLabel: "à traiter",
  },
  { screen: "agenda", label: "Agenda", icon: "calendar", component: Agenda },
  { screen: "clients", label: "Usagers", icon: "users", component: Clients },
  {
    screen: "conflicts",
    label: "Conflits",
    icon: "alert",
    component: Conflicts,
    count: (status) => status.conflicts,
    countLabel: "à régler",
    urgent: true,
  },
];
