-- Changes are kept for a time; up to this number they are forgotten. A desk that stands before it takes a snapshot.
-- `floor_count` and `floor_sum`: what a whole replica held at that number, the sum as a signed number of 64 bits.
ALTER TABLE feed ADD COLUMN floor INTEGER NOT NULL DEFAULT 0 CHECK (floor >= 0);
ALTER TABLE feed ADD COLUMN floor_count INTEGER NOT NULL DEFAULT 0 CHECK (floor_count >= 0);
ALTER TABLE feed ADD COLUMN floor_sum INTEGER NOT NULL DEFAULT 0;

-- How far a feed had come at an instant (Unix seconds): by it changes get an age without a column of their own.
CREATE TABLE feed_mark (
    scope TEXT    NOT NULL REFERENCES feed (scope),
    at_s  INTEGER NOT NULL,
    head  INTEGER NOT NULL CHECK (head > 0),
    PRIMARY KEY (scope, at_s)
) STRICT, WITHOUT ROWID;
