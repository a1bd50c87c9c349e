import { useSyncExternalStore } from "react";

const NARROW = "(max-width: 800px)";
/** One line of name and one of what it is. */
const WIDE_REM = 3;
/** The name may take two lines there. */
const NARROW_REM = 4.75;

function subscribe(changed: () => void): () => void {
  const narrow = window.matchMedia(NARROW);
  narrow.addEventListener("change", changed);
  return () => {
    narrow.removeEventListener("change", changed);
  };
}

function height(): number {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Math.round(rem * (window.matchMedia(NARROW).matches ? NARROW_REM : WIDE_REM));
}

/** How high a line of a long list is, in pixels: it follows the size of the text and the width of the window. */
export function useLineHeight(): number {
  return useSyncExternalStore(subscribe, height);
}
