import { useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { cx } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { IconButton } from "~/shared/ui/Button";
import styles from "./BesideCell.module.css";

/** From here down the panel docks at the bottom right: the style sheet has the same number. */
const DOCKED_BELOW = 1200;
const GAP = 10;

/** A panel in place, beside a cell of the grid and never over its column: to the right, or to the left where there is no room. */
export function BesideCell({
  title,
  subtitle,
  anchor,
  anchorKey,
  onClose,
  closeLabel,
  children,
}: {
  title: string;
  subtitle: ReactNode;
  /** The cell, as drawn now. */
  anchor: () => HTMLElement | null;
  /** The panel moves only when this changes: what is typed never moves it. */
  anchorKey: string;
  onClose: () => void;
  closeLabel: string;
  children: ReactNode;
}): ReactNode {
  const panel = useRef<HTMLElement>(null);
  const [side, setSide] = useState<"right" | "left" | "docked">("right");

  useLayoutEffect(() => {
    function put(): void {
      const own = panel.current;
      const area = own?.offsetParent;
      const cell = anchor();
      if (own === null || !(area instanceof HTMLElement) || cell === null) return;
      if (window.innerWidth <= DOCKED_BELOW || window.innerHeight <= 560) {
        setSide("docked");
        // Measured once it stands where it docks.
        requestAnimationFrame(() => {
          reveal(cell, own);
        });
        return;
      }
      const frame = area.getBoundingClientRect();
      const box = cell.getBoundingClientRect();
      const right = box.right + GAP + own.offsetWidth <= frame.right + 4;
      setSide(right ? "right" : "left");
      const left = right ? box.right - frame.left + GAP : box.left - frame.left - GAP - own.offsetWidth;
      // Room is kept for the list of people, so that the panel can grow downwards without moving.
      const reserved = Math.min(frame.height - 8, Math.max(own.offsetHeight, 500));
      const top = Math.max(4, Math.min(box.top - frame.top - 24, frame.height - reserved - 4));
      own.style.setProperty("--left", `${String(Math.max(4, left))}px`);
      own.style.setProperty("--top", `${String(top)}px`);
      own.style.setProperty(
        "--beak",
        `${String(Math.max(14, box.top - frame.top - top + Math.min(box.height / 2, 24)))}px`,
      );
      own.style.setProperty("--room", `${String(frame.height - top - 4)}px`);
    }
    put();
    window.addEventListener("resize", put);
    return () => {
      window.removeEventListener("resize", put);
    };
    // `anchor` is a new function at each drawing; what it finds changes only with `anchorKey`.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [anchorKey]);

  useShortcuts(
    title,
    [{ keys: "Escape", label: "Fermer le panneau", whileTyping: true, run: onClose }],
    "panel",
  );

  return (
    <section
      ref={panel}
      role="dialog"
      aria-label={title}
      className={cx(styles.panel, styles[side])}
      data-testid="panneau"
    >
      <header className={styles.head}>
        <div>
          <h2>{title}</h2>
          <p className="num">{subtitle}</p>
        </div>
        <IconButton icon="close" label={closeLabel} onClick={onClose} />
      </header>
      {children}
    </section>
  );
}

/** Where the panel is docked over the grid, the cell is brought to where it can be seen. */
function reveal(cell: HTMLElement, panel: HTMLElement): void {
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  const scroller = cell.closest<HTMLElement>("[data-scroller]");
  if (scroller === null) return;
  const over = panel.getBoundingClientRect();
  const box = cell.getBoundingClientRect();
  if (window.innerWidth > 800) {
    if (box.right > over.left - GAP) scroller.scrollLeft += box.right - over.left + GAP;
  } else if (box.bottom > over.top - GAP) {
    window.scrollBy(0, box.bottom - over.top + GAP);
  }
}
