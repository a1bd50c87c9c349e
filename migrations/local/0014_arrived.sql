-- Parts of a snapshot as they arrive: kept packed, a row for each, until all are here. What the feed says after them is in
-- `refetched`, row by row; a document that it takes away has no text there.
CREATE TABLE arrived (
    scope TEXT    NOT NULL,
    n     INTEGER NOT NULL CHECK (n > 0),
    -- The rows of the part: JSON, zstd.
    rows  BLOB    NOT NULL,
    PRIMARY KEY (scope, n)
) STRICT;

CREATE TABLE refetched_now (
    scope  TEXT    NOT NULL,
    entity TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    rev    INTEGER NOT NULL,
    doc    TEXT CHECK (doc IS NULL OR json_valid(doc)),
    PRIMARY KEY (scope, entity, id)
) STRICT, WITHOUT ROWID;
INSERT INTO refetched_now (scope, entity, id, rev, doc) SELECT scope, entity, id, rev, doc FROM refetched;
DROP TABLE refetched;
ALTER TABLE refetched_now RENAME TO refetched;
