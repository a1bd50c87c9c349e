-- Releases of the catalogue, as desks fetch them.

-- A pack, under the hash of its bytes.
CREATE TABLE blob (
    sha256 TEXT NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
    bytes  BLOB NOT NULL
) STRICT;

-- A release: numbers only rise. The manifest is kept to the byte, as it was signed.
CREATE TABLE catalogue_release (
    number       INTEGER NOT NULL PRIMARY KEY,
    release      TEXT NOT NULL UNIQUE,
    manifest     TEXT NOT NULL,
    signature    TEXT NOT NULL,
    published_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER catalogue_release_rises BEFORE INSERT ON catalogue_release
WHEN new.number <= (SELECT coalesce(max(number), 0) FROM catalogue_release)
BEGIN SELECT raise(ABORT, 'a release has a higher number than those before it'); END;
