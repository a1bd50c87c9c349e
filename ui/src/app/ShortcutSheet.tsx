import type { ReactNode } from "react";
import { french } from "~/shared/format/text";
import { useKeyboard } from "~/shared/keyboard/keyboard";
import { Checkbox } from "~/shared/ui/Field";
import { Dialog } from "~/shared/ui/Dialog";
import { Kbd } from "~/shared/ui/Kbd";
import styles from "./ShortcutSheet.module.css";

/** All keys of the screen in view, and the way to turn the single ones off. */
export function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }): ReactNode {
  const { groups, singleKeys, setSingleKeys } = useKeyboard();
  return (
    <Dialog title="Raccourcis de cet écran" open={open} onClose={onClose} wide>
      <div className={styles.groups} role="region" aria-label="Touches" tabIndex={0}>
        {groups().map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.shortcuts.map((shortcut) => (
                <div key={shortcut.label}>
                  <dt>
                    {(shortcut.shown ?? [shortcut.keys].flat()).map((keys) => (
                      <span key={keys}>
                        <Kbd keys={keys} />
                        <span className="vh">{keys}</span>
                      </span>
                    ))}
                  </dt>
                  <dd>{french(shortcut.label)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Checkbox
        checked={singleKeys}
        onChange={(event) => {
          setSingleKeys(event.target.checked);
        }}
      >
        Raccourcis d’une seule touche
      </Checkbox>
    </Dialog>
  );
}
