import type { ComponentType } from "react";
import type { Role, StatusView } from "~/shared/backend";
import type { Screen } from "~/shared/router/router";
import type { IconName } from "~/shared/ui/Icon";
import { Agenda } from "~/features/agenda/Agenda";
import { Catalogue } from "~/features/catalogue/Catalogue";
import { Clients } from "~/features/clients/Clients";
import { Conflicts } from "~/features/conflicts/Conflicts";
import { Enquiries } from "~/features/enquiries/Enquiries";
import { Settings } from "~/features/settings/Settings";
import { Waiting } from "~/features/waiting/Waiting";

export interface ScreenEntry {
  screen: Screen;
  label: string;
  icon: IconName;
  component: ComponentType;
  /** The count beside its name in the side bar, and what it counts; `left` is what removed desks have left to the director. */
  count?: (status: StatusView, left: number) => number;
  countLabel?: string;
  urgent?: boolean;
  /** Roles that are offered it; everybody without. What they may do there is the desk's to say, not the screen's. */
  roles?: readonly Role[];
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
  {
    screen: "agenda",
    label: "Agenda",
    icon: "calendar",
    component: Agenda,
    count: (status) => status.arrivals.length,
    countLabel: "qui vous attend en salle d’attente",
  },
  {
    screen: "waiting",
    label: "Liste d’attente",
    icon: "hourglass",
    component: Waiting,
    count: (status) => status.waiting,
    countLabel: "en attente",
  },
  { screen: "clients", label: "Usagers", icon: "users", component: Clients },
  { screen: "catalogue", label: "Catalogue", icon: "book", component: Catalogue },
  {
    screen: "conflicts",
    label: "Conflits",
    icon: "alert",
    component: Conflicts,
    count: (status, left) => status.conflicts + left,
    countLabel: "à régler",
    urgent: true,
  },
  {
    screen: "settings",
    label: "Réglages",
    icon: "sliders",
    component: Settings,
    roles: ["director", "counsellor"],
  },
];

/** The screens that a role is offered. */
export function screensOf(role: Role): readonly ScreenEntry[] {
  return SCREENS.filter((entry) => entry.roles === undefined || entry.roles.includes(role));
}
