-- What is prepared for a meeting; it stays with the meeting whatever becomes of that one.
CREATE TABLE preparation (
    appointment TEXT PRIMARY KEY,
    rev         INTEGER NOT NULL,
    doc         TEXT NOT NULL CHECK (json_valid(doc))
) STRICT;

-- A desk that did not know this sort of document yet has kept what it was sent of it.
INSERT INTO preparation (appointment, rev, doc)
SELECT id, rev, doc FROM setting
WHERE entity = 'unknown' AND json_extract(doc, '$.appointment') = id;
DELETE FROM setting WHERE entity = 'unknown' AND json_extract(doc, '$.appointment') = id;

CREATE TRIGGER preparation_is_never_deleted BEFORE DELETE ON preparation
WHEN NOT EXISTS (SELECT 1 FROM rebasing)
BEGIN
    SELECT RAISE(ABORT, 'a preparation is never deleted');
END;
