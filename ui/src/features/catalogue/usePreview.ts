import { useSyncExternalStore } from "react";

/** One column: list and record come one after the other. The same conditions as in the style sheets. */
const ONE_COLUMN = window.matchMedia("(max-width: 800px), (max-height: 560px)");
const DRAWER = window.matchMedia("(max-width: 1200px)");

/** Where the record that one stands on is shown: beside the list, in a drawer that opens there, or on its page alone. */
export type PreviewPlace = "beside" | "drawer" | "none";

function read(): PreviewPlace {
  if (ONE_COLUMN.matches) return "none";
  return DRAWER.matches ? "drawer" : "beside";
}

function listen(changed: () => void): () => void {
  for (const query of [ONE_COLUMN, DRAWER]) query.addEventListener("change", changed);
  return () => {
    for (const query of [ONE_COLUMN, DRAWER]) query.removeEventListener("change", changed);
  };
}

export interface PreviewState {
  place: PreviewPlace;
  shown: boolean;
  /** One looks at a line: where there is a drawer it opens, unless the person closed it and only walks. */
  look: (pressed: boolean) => void;
  toggle: () => void;
  /** Closes the drawer; false where none is open. */
  close: () => boolean;
}

/** `wanted`: whether the person wants the drawer; not said yet when null. */
export function usePreview(wanted: boolean | null, onWant: (wanted: boolean) => void): PreviewState {
  const place = useSyncExternalStore(listen, read);
  const open = place === "drawer" && wanted === true;
  return {
    place,
    shown: place === "beside" || open,
    look: (pressed) => {
      if (place === "drawer" && !open && (pressed || wanted === null)) onWant(true);
    },
    toggle: () => {
      onWant(!open);
    },
    close: () => {
      if (open) onWant(false);
      return open;
    },
  };
}
