import type { ComponentType } from "react";
import type { SettingsView } from "~/shared/backend";
import { plural } from "~/shared/format/text";
import type { IconName } from "~/shared/ui/Icon";
import { AbsencesPage } from "./absences/AbsencesPage";
import { comingAbsences } from "./absences/draft";
import { CentrePage } from "./centre/CentrePage";
import { ClosuresPage } from "./closures/ClosuresPage";
import { isDuty } from "./duty/duty";
import { DutyPage } from "./duty/DutyPage";
import { KindsPage } from "./kinds/KindsPage";
import { PlacesPage } from "./places/PlacesPage";
import { WeekPage } from "./week/WeekPage";

export interface SettingsPageProps {
  settings: SettingsView;
}

export interface SettingsPage {
  /** Its name in `go("settings", { page })`. */
  key: string;
  label: string;
  icon: IconName;
  component: ComponentType<SettingsPageProps>;
  /** The fact worth seeing before opening it. */
  fact?: (settings: SettingsView) => string;
  /** The drafts that are this page's, by the beginning of their place. */
  slots: readonly string[];
  /** Who may only note their own absences sees it too. */
  own?: boolean;
}

const active = (settings: SettingsView): number => settings.kinds.filter((kind) => kind.active).length;

/** The pages of the settings, in the order of their list: each is a folder of its own. */
export const PAGES: readonly SettingsPage[] = [
  {
    key: "openings",
    label: "Ouvertures",
    icon: "clock",
    component: WeekPage,
    fact: () => "semaine par semaine",
    slots: [],
  },
  {
    key: "absences",
    label: "Absences",
    icon: "exit",
    component: AbsencesPage,
    fact: (settings) => plural(comingAbsences(settings).length, "à venir", "à venir"),
    slots: [],
    own: true,
  },
  {
    key: "kinds",
    label: "Motifs",
    icon: "list",
    component: KindsPage,
    fact: (settings) => `${String(active(settings))} proposés`,
    slots: ["kind:"],
  },
  {
    key: "places",
    label: "Salles et lieux",
    icon: "door",
    component: PlacesPage,
    fact: (settings) =>
      `${plural(settings.sites.length, "lieu", "lieux")}, ${plural(settings.rooms.length, "salle")}`,
    slots: ["site:", "room:", "office#travel"],
  },
  {
    key: "closures",
    label: "Fermetures",
    icon: "calendar",
    component: ClosuresPage,
    fact: () => "et jours fériés",
    slots: [],
  },
  {
    key: "duty",
    label: "Permanences",
    icon: "school",
    component: DutyPage,
    fact: (settings) =>
      plural(settings.openings.filter((one) => isDuty(one, settings)).length, "demi-journée"),
    slots: ["opening:"],
  },
  {
    key: "centre",
    label: "Le centre",
    icon: "home",
    component: CentrePage,
    fact: () => "heures, délais, adresse",
    slots: ["office#centre"],
  },
];
