-- What each command of the outbox was decided on and what it wrote, so that an answer of central asks for a new decision
-- only of those that it touches. Rows of a command that has none yet say so: `traced`.
ALTER TABLE outbox ADD COLUMN traced INTEGER NOT NULL DEFAULT 0 CHECK (traced IN (0, 1));
CREATE INDEX outbox_untraced ON outbox (seq) WHERE traced = 0;
CREATE INDEX outbox_by_state ON outbox (state, seq);

-- A document by its sort and identifier, or a relation that was followed ("of_client:…"). `wrote` is the mark of the
-- document as the command left it; none where it only looked.
CREATE TABLE trace (
    key     TEXT NOT NULL,
    command TEXT NOT NULL,
    wrote   INTEGER,
    PRIMARY KEY (key, command)
) STRICT, WITHOUT ROWID;
CREATE INDEX trace_by_command ON trace (command);

-- Stretches of time whose meetings it looked at, seconds since 1970-01-01 UTC.
CREATE TABLE trace_time (
    command TEXT NOT NULL,
    from_s  INTEGER NOT NULL,
    to_s    INTEGER NOT NULL,
    PRIMARY KEY (command, from_s, to_s)
) STRICT, WITHOUT ROWID;
CREATE INDEX trace_time_by_start ON trace_time (from_s, to_s);

CREATE TRIGGER outbox_is_left AFTER DELETE ON outbox
BEGIN
    DELETE FROM trace WHERE command = OLD.id;
    DELETE FROM trace_time WHERE command = OLD.id;
END;
