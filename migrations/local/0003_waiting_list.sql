-- The waiting list: who waits for a place that is not there yet. Instants are seconds since 1970-01-01 UTC.
CREATE TABLE waiting (
    id          TEXT PRIMARY KEY,
    rev         INTEGER NOT NULL,
    client      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('waiting', 'booked', 'closed')),
    -- The meeting that it became.
    appointment TEXT,
    since_s     INTEGER NOT NULL,
    doc         TEXT NOT NULL CHECK (json_valid(doc)),
    CHECK ((status = 'booked') = (appointment IS NOT NULL))
) STRICT;
CREATE INDEX waiting_by_since ON waiting (status, since_s);
CREATE INDEX waiting_by_client ON waiting (client);

-- What was put on the list is told by its end, never by its absence.
CREATE TRIGGER waiting_is_never_deleted BEFORE DELETE ON waiting
WHEN NOT EXISTS (SELECT 1 FROM rebasing)
BEGIN
    SELECT RAISE(ABORT, 'an entry of the waiting list is never deleted');
END;
