const NARROW = "\u202f";
const NBSP = "\u00a0";
/** A title and a surname of this many letters stand on two lines of the narrowest column without a cut. */
const WHOLE_SURNAME = 18;

/** Lower case, without accents, ligatures opened, curly apostrophes straight: what a search compares. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/œ/g, "oe")
    .replace(/æ/g, "ae")
    .replace(/[’ʼ]/g, "'");
}

/** French spacing: a narrow no-break space before ; : ? ! and », after «, and a real apostrophe. */
export function french(text: string): string {
  return text
    .replace(/ ?([;?!»])/g, (whole, mark: string, at: number, all: string) =>
      whole.startsWith(" ") || /[\p{L}\p{N})]/u.test(all.charAt(at - 1)) ? `${NARROW}${mark}` : whole,
    )
    .replace(/ :/g, `${NBSP}:`)
    .replace(/« ?/g, `«${NARROW}`)
    .replace(/'/g, "’");
}

/** `1 libre`, `3 libres`; French counts zero as one. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${String(count)}${NBSP}${count < 2 ? one : many}`;
}

/** `06 12 40 18 55` from `0612401855` or `+33612401855`; anything else as it is. */
export function phone(number: string): string {
  const digits = number.replace(/[^\d+]/g, "").replace(/^(\+|00)33/, "0");
  return /^0\d{9}$/.test(digits) ? (digits.match(/\d{2}/g) ?? []).join(NBSP) : number;
}

/** `Mme Vandenbroucke-R.` in a narrow column: a long compound surname keeps its first part, and the letter of the next. */
export function shortSurname(name: string): string {
  if (name.length <= WHOLE_SURNAME) return name;
  return name.replace(/^([^-]*\p{L})-(\p{L}).*$/u, "$1-$2.");
}

/** Joins classes, leaving out what does not apply. */
export function cx(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
