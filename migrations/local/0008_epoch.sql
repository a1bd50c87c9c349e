-- What central has acknowledged, in that order, until a day by central's clock: when central has been restored from a
-- backup it is asked which of these it still knows, and is sent the others again.
CREATE TABLE acknowledged (
    n       INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    kind    TEXT NOT NULL,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    role    TEXT NOT NULL,
    depends TEXT NOT NULL CHECK (json_valid(depends)),
    command TEXT NOT NULL CHECK (json_valid(command)),
    about   TEXT NOT NULL CHECK (json_valid(about)),
    until_s INTEGER NOT NULL
) STRICT;
CREATE INDEX acknowledged_by_end ON acknowledged (until_s);

-- A feed that is read again from its beginning, and how far it has been. `unequal` is central's sum that is known not to
-- be reached by reading again: it is not read again for the same one.
CREATE TABLE refetch (
    scope   TEXT PRIMARY KEY,
    seq     INTEGER CHECK (seq >= 0),
    unequal TEXT
) STRICT, WITHOUT ROWID;

-- What has arrived of such a feed waits here until it is whole, and then takes the place of what was there.
CREATE TABLE refetched (
    scope  TEXT NOT NULL,
    entity TEXT NOT NULL,
    id     TEXT NOT NULL,
    rev    INTEGER NOT NULL,
    doc    TEXT NOT NULL CHECK (json_valid(doc)),
    PRIMARY KEY (scope, entity, id)
) STRICT, WITHOUT ROWID;
