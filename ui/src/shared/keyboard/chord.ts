/** The name of a pressed key with what is held: `t`, `Ctrl+k`, `Shift+ArrowLeft`, `?`. The Command key of a Mac counts as Ctrl. */
export function chordOf(
  event: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
): string {
  const held: string[] = [];
  if (event.ctrlKey || event.metaKey) held.push("Ctrl");
  if (event.altKey) held.push("Alt");
  const printable = event.key.length === 1;
  // Shift makes another character on a printable key, so that it is already in its name; a letter is the same in both cases.
  // A chord with Ctrl is a place on the keyboard, not a character: Ctrl Maj Z is not Ctrl Z.
  if (event.shiftKey && (!printable || held.length > 0)) held.push("Shift");
  // A French keyboard writes & é " on the digit keys: there the place of the key counts, not what it writes.
  const digit = event.shiftKey ? null : /^Digit(\d)$/.exec(event.code);
  const key = digit?.[1] ?? (printable ? event.key.toLowerCase() : event.key);
  return [...held, key === " " ? "Space" : key].join("+");
}

export function matchesChord(keys: string | string[], chord: string): boolean {
  return Array.isArray(keys) ? keys.includes(chord) : keys === chord;
}

/** Whether a key typed there writes something. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "button", "submit", "reset"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

const NAMES: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Enter: "↵",
  Escape: "Échap",
  Space: "Espace",
  Home: "Début",
  End: "Fin",
  PageUp: "Pg préc.",
  PageDown: "Pg suiv.",
  Shift: "Maj",
  Delete: "Suppr",
};

/** How a key is written on a cap. */
export function keyName(chord: string): string {
  return chord
    .split("+")
    .map((key) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(" ");
}
