-- Keys with which an administrator works over HTTP; only their hash is kept.
CREATE TABLE admin_key (
    name       TEXT    NOT NULL PRIMARY KEY,
    hash       TEXT    NOT NULL UNIQUE,
    made_at    INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- What administrators and directors did at central. Nothing that a family has said is here, nor anybody's name but that
-- of a key.
CREATE TABLE audit (
    -- UUIDv7: in the order in which it was noted.
    id      TEXT    NOT NULL PRIMARY KEY,
    at_s    INTEGER NOT NULL,
    via     TEXT    NOT NULL CHECK (via IN ('command_line', 'key', 'desk')),
    -- The name of the key, or the person at a desk.
    who     TEXT    CHECK ((who IS NULL) = (via = 'command_line')),
    action  TEXT    NOT NULL,
    office  TEXT,
    -- The desk, the person, the key or the command that it was done to.
    subject TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_by_age ON audit (at_s);

-- It is only added to. What is older than a year may be forgotten: a year before the last of it, for a database has no clock.
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit:update');
END;

CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit a WHERE a.id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'audit:update');
END;

CREATE TRIGGER audit_is_kept_a_year BEFORE DELETE ON audit
WHEN OLD.at_s > (SELECT max(at_s) FROM audit) - 31536000
BEGIN
    SELECT RAISE(ABORT, 'audit:delete');
END;
