// The time that the programs of a test are told. A test means the same at night and on a Sunday.

/** A Monday morning at 10:22 in Paris, in an ordinary week of the school year. */
export const MONDAY = "2026-11-23T09:22:00Z";

/** A clock that shows an instant when it is made and runs on: a program that starts later starts later by it too. */
export class Clock {
  #shift;

  constructor(instant = MONDAY) {
    this.#shift = Date.parse(instant) - Date.now();
  }

  /** What this clock shows, as the programs read it. */
  get now() {
    return new Date(Date.now() + this.#shift).toISOString();
  }

  /** The arguments that tell it to a program. */
  get args() {
    return ["--now", this.now];
  }
}
