-- What a desk had not sent when it was trusted no longer: kept until a director of its office says what becomes of it. What
-- has been settled keeps its number and no contents.
CREATE TABLE quarantine (
    desk       TEXT NOT NULL REFERENCES desk (id),
    -- The command; each once.
    id         TEXT NOT NULL,
    office     TEXT NOT NULL,
    -- In the order in which they came.
    seq        INTEGER NOT NULL CHECK (seq > 0),
    received_s INTEGER NOT NULL,
    envelope   TEXT CHECK (json_valid(envelope)),
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused', 'discarded')),
    -- Why it was refused, JSON.
    refusal    TEXT CHECK ((refusal IS NOT NULL) = (state = 'refused')),
    settled_by TEXT,
    settled_s  INTEGER,
    CHECK ((envelope IS NOT NULL) = (state IN ('waiting', 'refused'))),
    CHECK ((settled_s IS NULL) = (state = 'waiting')),
    PRIMARY KEY (desk, id)
) STRICT;

CREATE UNIQUE INDEX quarantine_in_order ON quarantine (desk, seq);
CREATE INDEX quarantine_by_office ON quarantine (office) WHERE state IN ('waiting', 'refused');
CREATE INDEX quarantine_by_age ON quarantine (settled_s) WHERE settled_s IS NOT NULL;
