-- Changes are kept for a time; up to this number they are forgotten. A desk that stands before it takes a snapshot.
-- `floor_count` and `floor_sum`: what a whole replica held at that number, the sum as a signed number of 64 bits.
ALTER TABLE feed ADD COLUMN floor bigint NOT NULL DEFAULT 0 CHECK (floor >= 0);
ALTER TABLE feed ADD COLUMN floor_count bigint NOT NULL DEFAULT 0 CHECK (floor_count >= 0);
ALTER TABLE feed ADD COLUMN floor_sum bigint NOT NULL DEFAULT 0;

-- How far a feed had come at an instant (Unix seconds): by it changes get an age without a column of their own.
CREATE TABLE feed_mark (
    scope text   COLLATE "C" NOT NULL REFERENCES feed (scope),
    at_s  bigint NOT NULL,
    head  bigint NOT NULL CHECK (head > 0),
    PRIMARY KEY (scope, at_s)
);
