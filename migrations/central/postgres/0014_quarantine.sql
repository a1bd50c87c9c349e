-- What a desk had not sent when it was trusted no longer: kept until a director of its office says what becomes of it. What
-- has been settled keeps its number and no contents.
CREATE TABLE quarantine (
    desk       text COLLATE "C" NOT NULL REFERENCES desk (id),
    -- The command; each once.
    id         text COLLATE "C" NOT NULL,
    office     text COLLATE "C" NOT NULL,
    -- In the order in which they came.
    seq        bigint NOT NULL CHECK (seq > 0),
    received_s bigint NOT NULL,
    envelope   text ,
    state      text NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused', 'discarded')),
    -- Why it was refused, JSON.
    refusal    text CHECK ((refusal IS NOT NULL) = (state = 'refused')),
    settled_by text,
    settled_s  bigint,
    CHECK ((envelope IS NOT NULL) = (state IN ('waiting', 'refused'))),
    CHECK ((settled_s IS NULL) = (state = 'waiting')),
    PRIMARY KEY (desk, id)
);

CREATE UNIQUE INDEX quarantine_in_order ON quarantine (desk, seq);
CREATE INDEX quarantine_by_office ON quarantine (office) WHERE state IN ('waiting', 'refused');
CREATE INDEX quarantine_by_age ON quarantine (settled_s) WHERE settled_s IS NOT NULL;
