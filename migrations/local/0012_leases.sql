-- Half-days of counsellors that one desk holds, as central says them: what this desk decides in its own is guaranteed.
CREATE TABLE lease (
    id     TEXT    PRIMARY KEY,
    rev    INTEGER NOT NULL,
    holder TEXT    NOT NULL,
    term   INTEGER NOT NULL,
    doc    TEXT    NOT NULL CHECK (json_valid(doc))
) STRICT, WITHOUT ROWID;

-- Whether a command places a meeting, and the leases under which it was promised ("<id>/<term>", parted by blanks).
ALTER TABLE outbox ADD COLUMN places INTEGER NOT NULL DEFAULT 0 CHECK (places IN (0, 1));
ALTER TABLE outbox ADD COLUMN lease TEXT;
ALTER TABLE acknowledged ADD COLUMN places INTEGER NOT NULL DEFAULT 0 CHECK (places IN (0, 1));
ALTER TABLE acknowledged ADD COLUMN lease TEXT;

-- Those that wait since before: they place a meeting by what they are called.
UPDATE outbox SET places = 1
WHERE kind IN ('appointment.book', 'appointment.hold', 'appointment.move', 'session.move');
