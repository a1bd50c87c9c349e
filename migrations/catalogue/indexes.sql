-- Made once all rows are in: a sorted load is several times cheaper than keeping the trees in order row by row.
CREATE UNIQUE INDEX entry_by_id ON entry (id);
CREATE INDEX entry_by_uai ON entry (uai) WHERE uai <> '';
CREATE INDEX part_by_entry ON part (entry, rank, seq);
CREATE INDEX offering_by_id ON offering (id);
CREATE INDEX offering_by_programme ON offering (programme);
CREATE INDEX offering_by_institution ON offering (institution);
CREATE INDEX link_by_origin ON link (origin);
CREATE INDEX link_by_target ON link (target);
