// The catalogue's own index at the planned size, beside SQLite's full-text search, Tantivy, an R-tree and bare inserts
// on the same entries and questions (tests/bench/catalogue); what it is measured beside is built for it alone.

import { measuresOf } from "./program.mjs";

export const measure = () => measuresOf("run", "--release", "--features", "baselines", "--example", "catalogue");
