import { useMemo, useState, type ReactNode } from "react";
import { useLeftByRemoved } from "~/features/conflicts/leftByRemoved";
import { History } from "~/features/history/History";
import type { Action } from "~/features/palette/model";
import { Palette } from "~/features/palette/Palette";
import { useWrite } from "~/shared/backend";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useRouter } from "~/shared/router/router";
import { useSession, useStatus } from "~/shared/session/session";
import { useTheme } from "~/shared/theme/theme";
import { Arrivals } from "./Arrivals";
import { Frame } from "./Frame";
import { SCREENS, screensOf } from "./screens";
import { ShortcutSheet } from "./ShortcutSheet";
import { SideBar } from "./SideBar";
import { TopBar } from "./TopBar";

export function App(): ReactNode {
  const { office, user } = useSession();
  const status = useStatus();
  const left = useLeftByRemoved();
  const { place, go } = useRouter();
  const screens = useMemo(() => screensOf(user.role), [user.role]);
  const [theme, setTheme] = useTheme();
  const { undo } = useNotices();
  const [keysOpen, setKeysOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [historyOpen, setHistoryOpen] = useState(false);
  const { mutate: sync } = useWrite("sync.now");

  const actions = useMemo(
    (): Action[] => [
      {
        id: "book",
        label: "Poser un rendez-vous au prochain créneau libre",
        icon: "plus",
        keys: "n",
        run: () => go("agenda", { book: {} }),
      },
      {
        id: "sweep",
        label: "Compléter les statuts manquants",
        icon: "help",
        keys: "f",
        run: () => go("agenda", { sweep: true }),
      },
      {
        id: "today",
        label: "Aller à aujourd’hui",
        icon: "calendar",
        keys: "t",
        run: () => go("agenda", { date: "" }),
      },
      {
        id: "print",
        label: "Imprimer la feuille du jour de demain",
        icon: "printer",
        keys: "Ctrl+p",
        run: () => go("agenda", { print: true }),
      },
      ...screens.map((entry): Action => ({
        id: `screen-${entry.screen}`,
        label: `Ouvrir ${entry.label}`,
        icon: entry.icon,
        run: () => go(entry.screen),
      })),
      { id: "undo", label: "Annuler ce qui vient d’être fait", icon: "undo", keys: "Ctrl+z", run: undo },
      {
        id: "history",
        label: "Historique de ce poste",
        icon: "list",
        keys: "Ctrl+Shift+z",
        run: () => setHistoryOpen(true),
      },
      { id: "sync", label: "Échanger avec le service maintenant", icon: "sync", run: () => sync({}) },
      {
        id: "theme",
        label: theme === "sombre" ? "Passer au thème clair" : "Passer au thème sombre",
        icon: theme === "sombre" ? "sun" : "moon",
        run: () => setTheme(theme === "sombre" ? "clair" : "sombre"),
      },
      {
        id: "keys",
        label: "Raccourcis de cet écran",
        icon: "keyboard",
        keys: "?",
        run: () => setKeysOpen(true),
      },
    ],
    [go, undo, sync, theme, setTheme, screens],
  );

  useShortcuts(
    "Partout",
    [
      {
        keys: "Ctrl+k",
        label: "Rechercher ou commander",
        whileTyping: true,
        run: () => {
          setPaletteOpen(true);
        },
      },
      {
        keys: "Ctrl+p",
        label: "Imprimer la feuille du jour de demain",
        whileTyping: true,
        run: () => {
          go("agenda", { print: true });
        },
      },
      {
        keys: "?",
        label: "Raccourcis de cet écran",
        run: () => {
          setKeysOpen(true);
        },
      },
      {
        keys: "Ctrl+z",
        label: "Annuler ce qui vient d’être fait",
        run: undo,
      },
      {
        keys: "Ctrl+Shift+z",
        label: "Historique de ce poste",
        run: () => {
          setHistoryOpen(true);
        },
      },
    ],
    "frame",
  );

  const shown = SCREENS.find((entry) => entry.screen === place.screen) ?? SCREENS[0];
  const Shown = shown?.component;
  return (
    <Frame
      top={
        <TopBar
          office={office.name}
          onHistory={() => {
            setHistoryOpen(true);
          }}
          onSearch={() => {
            setPaletteOpen(true);
          }}
        />
      }
      side={
        <SideBar
          entries={screens.map(({ screen, label, icon, count, countLabel, urgent }) => ({
            screen,
            label,
            icon,
            count: status === undefined || count === undefined ? 0 : count(status, left),
            countLabel: countLabel ?? "",
            urgent: urgent ?? false,
          }))}
          onKeys={() => {
            setKeysOpen(true);
          }}
        />
      }
    >
      {/* What a screen remembers is one person's. */}
      {Shown && <Shown key={user.id} />}
      <Arrivals />
      <Palette
        open={paletteOpen}
        actions={actions}
        onClose={() => {
          setPaletteOpen(false);
        }}
      />
      <History
        open={historyOpen}
        onClose={() => {
          setHistoryOpen(false);
        }}
      />
      <ShortcutSheet
        open={keysOpen}
        onClose={() => {
          setKeysOpen(false);
        }}
      />
    </Frame>
  );
}
