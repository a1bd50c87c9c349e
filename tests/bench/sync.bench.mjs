// Synchronisation: bookings pushed, changes pulled, a new desk, a desk long cut off, an idle poll; central in a process of
// its own on both databases, and bare SQL beside it (tests/bench/sync). A target that is missed fails the run.

import { measuresOf } from "./program.mjs";

export const strict = true;
export const measure = () => measuresOf("run", "--release", "--features", "load", "--example", "sync");
