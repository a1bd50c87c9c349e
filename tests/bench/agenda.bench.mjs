// The agenda: free slots of one office and of twenty, a booking flushed to the disk, what screens read; on a database of
// the sizes that an office is planned for (tests/bench/agenda), each measure beside what a program without an index takes
// in the same run.

import { measuresOf } from "./program.mjs";

export const measure = () => measuresOf("bench", "--bench", "agenda");
