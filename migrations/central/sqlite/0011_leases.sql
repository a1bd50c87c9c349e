-- The desk that holds the next days of its office, so that what it promises offline holds.
ALTER TABLE desk ADD COLUMN reception INTEGER NOT NULL DEFAULT 0 CHECK (reception IN (0, 1));
-- Until when it was last heard, to some seconds; kept for desks that hold leases.
ALTER TABLE desk ADD COLUMN heard_at INTEGER;
-- The day and the settings for which leases were last given to it; nothing when it has never held one.
ALTER TABLE desk ADD COLUMN granted TEXT;

-- The leases themselves are documents. What has ended before its half-day had passed is noted here: the next lease of it
-- has a later term, and one that somebody took back is not given again.
CREATE TABLE lease_end (
    scope TEXT    NOT NULL REFERENCES feed (scope),
    id    TEXT    NOT NULL,
    term  INTEGER NOT NULL CHECK (term > 0),
    why   TEXT    NOT NULL CHECK (why IN ('returned', 'revoked')),
    desk  TEXT    NOT NULL REFERENCES desk (id),
    -- Who took it back; nobody when it was given back or taken back on the command line.
    actor TEXT,
    at_s  INTEGER NOT NULL,
    PRIMARY KEY (scope, id, term)
) STRICT, WITHOUT ROWID;

CREATE INDEX lease_end_by_age ON lease_end (at_s);
