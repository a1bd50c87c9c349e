-- Commands that the office's other desks have given while central was out of reach, known by the office's own network: they
-- lie over central's word until it has decided them. Nothing of them is ever sent from here.
CREATE TABLE colleague (
    id       TEXT    PRIMARY KEY,
    -- The desk that gave it, and its number there.
    desk     TEXT    NOT NULL,
    seq      INTEGER NOT NULL,
    v        INTEGER NOT NULL,
    at       TEXT    NOT NULL,
    actor    TEXT    NOT NULL,
    depends  TEXT    NOT NULL CHECK (json_valid(depends)),
    lease    TEXT,
    command  TEXT    NOT NULL CHECK (json_valid(command)),
    -- Its place in the order of the office.
    number   INTEGER NOT NULL,
    -- Whether it places a meeting, as it was decided here.
    places   INTEGER NOT NULL DEFAULT 0 CHECK (places IN (0, 1)),
    doubtful TEXT,
    -- The holder's word that its place is kept (JSON).
    vouch    TEXT CHECK (vouch IS NULL OR json_valid(vouch)),
    -- This desk has put it into the order, and keeps its place under these leases ("<id>/<term>", parted by blanks).
    relayed  INTEGER NOT NULL DEFAULT 0 CHECK (relayed IN (0, 1)),
    promised TEXT,
    -- Since when central has not decided it, by central's clock; nothing before it was asked.
    asked_s  INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX colleague_by_number ON colleague (number);

-- Those of them that central has decided, for two days by its clock: a colleague that has not heard so tells them again.
CREATE TABLE colleague_decided (
    id      TEXT    PRIMARY KEY,
    until_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER colleague_is_left AFTER DELETE ON colleague
BEGIN
    DELETE FROM trace WHERE command = OLD.id;
    DELETE FROM trace_time WHERE command = OLD.id;
END;

-- Of a command of this desk that the relay has: its place in the order, the holder's word, and why it does not hold there.
ALTER TABLE outbox ADD COLUMN number INTEGER;
ALTER TABLE outbox ADD COLUMN vouch TEXT CHECK (vouch IS NULL OR json_valid(vouch));
ALTER TABLE outbox ADD COLUMN relay_doubt TEXT;
CREATE INDEX outbox_by_number ON outbox (number) WHERE number IS NOT NULL;
CREATE INDEX outbox_doubted ON outbox (seq) WHERE relay_doubt IS NOT NULL;
