import { useState, type ReactNode } from "react";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useRouter } from "~/shared/router/router";
import { useSession, useStatus } from "~/shared/session/session";
import { Frame } from "./Frame";
import { SCREENS } from "./screens";
import { ShortcutSheet } from "./ShortcutSheet";
import { SideBar } from "./SideBar";
import { TopBar } from "./TopBar";

export function App(): ReactNode {
  const { office } = useSession();
  const status = useStatus();
  const { place } = useRouter();
  const { undo } = useNotices();
  const [keysOpen, setKeysOpen] = useState(false);

  useShortcuts("Partout", [
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
  ]);

  const shown = SCREENS.find((entry) => entry.screen === place.screen) ?? SCREENS[0];
  const Shown = shown?.component;
  return (
    <Frame
      top={<TopBar office={office.name} onSearch={() => undefined} />}
      side={
        <SideBar
          entries={SCREENS.map(({ screen, label, icon, count, countLabel, urgent }) => ({
            screen,
            label,
            icon,
            count: status === undefined || count === undefined ? 0 : count(status),
            countLabel: countLabel ?? "",
            urgent: urgent ?? false,
          }))}
          onKeys={() => {
            setKeysOpen(true);
          }}
        />
      }
    >
      {Shown && <Shown />}
      <ShortcutSheet
        open={keysOpen}
        onClose={() => {
          setKeysOpen(false);
        }}
      />
    </Frame>
  );
}
