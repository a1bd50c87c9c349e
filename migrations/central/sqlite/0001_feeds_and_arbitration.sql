-- The central service's store. Instants in columns are Unix seconds (UTC); documents are JSON.

-- Facts about this database itself: epoch, family_secret, created_at, demo.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A feed of changes: one for each office ("office:<UAI>") and the directory ("dir"). `head` is the last number given;
-- the row is what a transaction locks, so that numbers have no gap and become visible in order.
CREATE TABLE feed (
    scope    TEXT    NOT NULL PRIMARY KEY,
    head     INTEGER NOT NULL DEFAULT 0 CHECK (head >= 0),
    -- The head at which settings last changed: a settings cache is good as long as this number is the same.
    settings INTEGER NOT NULL DEFAULT 0 CHECK (settings BETWEEN 0 AND head)
) STRICT, WITHOUT ROWID;

-- The present state of every document but appointments.
CREATE TABLE document (
    scope  TEXT    NOT NULL REFERENCES feed (scope),
    entity TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    rev    INTEGER NOT NULL CHECK (rev > 0),
    seq    INTEGER NOT NULL CHECK (seq > 0),
    doc    TEXT    NOT NULL CHECK (json_valid(doc)),
    PRIMARY KEY (scope, entity, id)
) STRICT;

-- Appointments, with what the rules of overlap need in columns.
CREATE TABLE appointment (
    scope       TEXT    NOT NULL REFERENCES feed (scope),
    id          TEXT    NOT NULL,
    counsellor  TEXT    NOT NULL,
    room        TEXT,
    client      TEXT,
    start_s     INTEGER NOT NULL,
    -- No meeting is longer than a day; the triggers count on it.
    end_s       INTEGER NOT NULL CHECK (end_s > start_s AND end_s - start_s <= 86400),
    status      TEXT    NOT NULL,
    blocking    INTEGER NOT NULL CHECK (blocking IN (0, 1)),
    -- Somebody gave a reason to set a rule aside: such a meeting may overlap.
    overridden  INTEGER NOT NULL CHECK (overridden IN (0, 1)),
    -- Meetings of one group session have the same key and share its counsellor and room.
    session_key TEXT,
    held_until_s INTEGER,
    rev         INTEGER NOT NULL CHECK (rev > 0),
    seq         INTEGER NOT NULL CHECK (seq > 0),
    doc         TEXT    NOT NULL CHECK (json_valid(doc)),
    PRIMARY KEY (scope, id)
) STRICT;

CREATE INDEX appointment_by_time ON appointment (scope, start_s);
CREATE INDEX appointment_by_counsellor ON appointment (counsellor, start_s) WHERE blocking = 1 AND overridden = 0;
CREATE INDEX appointment_by_room ON appointment (room, start_s) WHERE blocking = 1 AND overridden = 0 AND room IS NOT NULL;
CREATE INDEX appointment_by_client ON appointment (client, start_s) WHERE blocking = 1 AND overridden = 0 AND client IS NOT NULL;
CREATE INDEX appointment_by_hold ON appointment (held_until_s) WHERE status = 'held' AND held_until_s IS NOT NULL;

-- Nothing deletes an appointment: states end it.
CREATE TRIGGER appointment_is_never_deleted BEFORE DELETE ON appointment
BEGIN
    SELECT RAISE(ABORT, 'appointment:delete');
END;

-- Two meetings that both take time never share a counsellor, a room or a client. The rules find it first; this makes
-- it impossible. A change that touches neither time nor resources is let through, so that an old clash, made before
-- a rule or by hand, does not keep a meeting from being ended.
CREATE TRIGGER appointment_overlap_on_insert BEFORE INSERT ON appointment
WHEN NEW.blocking = 1 AND NEW.overridden = 0
BEGIN
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a
        WHERE a.blocking = 1 AND a.overridden = 0 AND a.counsellor = NEW.counsellor
          AND a.start_s > NEW.start_s - 86400 AND a.start_s < NEW.end_s AND a.end_s > NEW.start_s
          AND NOT (a.scope = NEW.scope AND a.id = NEW.id)
          AND (a.session_key IS NULL OR a.session_key IS NOT NEW.session_key));
    SELECT RAISE(ABORT, 'overlap:room') WHERE NEW.room IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a
        WHERE a.blocking = 1 AND a.overridden = 0 AND a.room = NEW.room
          AND a.start_s > NEW.start_s - 86400 AND a.start_s < NEW.end_s AND a.end_s > NEW.start_s
          AND NOT (a.scope = NEW.scope AND a.id = NEW.id)
          AND (a.session_key IS NULL OR a.session_key IS NOT NEW.session_key));
    SELECT RAISE(ABORT, 'overlap:client') WHERE NEW.client IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a
        WHERE a.blocking = 1 AND a.overridden = 0 AND a.client = NEW.client
          AND a.start_s > NEW.start_s - 86400 AND a.start_s < NEW.end_s AND a.end_s > NEW.start_s
          AND NOT (a.scope = NEW.scope AND a.id = NEW.id));
END;

CREATE TRIGGER appointment_overlap_on_update
BEFORE UPDATE OF counsellor, room, client, start_s, end_s, blocking, overridden, session_key ON appointment
WHEN NEW.blocking = 1 AND NEW.overridden = 0 AND (
       OLD.blocking = 0 OR OLD.overridden = 1 OR OLD.start_s <> NEW.start_s OR OLD.end_s <> NEW.end_s
    OR OLD.counsellor <> NEW.counsellor OR OLD.room IS NOT NEW.room OR OLD.client IS NOT NEW.client
    OR OLD.session_key IS NOT NEW.session_key)
BEGIN
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a
        WHERE a.blocking = 1 AND a.overridden = 0 AND a.counsellor = NEW.counsellor
          AND a.start_s > NEW.start_s - 86400 AND a.start_s < NEW.end_s AND a.end_s > NEW.start_s
          AND NOT (a.scope = NEW.scope AND a.id = NEW.id)
          AND (a.session_key IS NULL OR a.session_key IS NOT NEW.session_key));
    SELECT RAISE(ABORT, 'overlap:room') WHERE NEW.room IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a
        WHERE a.blocking = 1 AND a.overridden = 0 AND a.room = NEW.room
          AND a.start_s > NEW.start_s - 86400 AND a.start_s < NEW.end_s AND a.end_s > NEW.start_s
          AND NOT (a.scope = NEW.scope AND a.id = NEW.id)
          AND (a.session_key IS NULL OR a.session_key IS NOT NEW.session_key));
    SELECT RAISE(ABORT, 'overlap:client') WHERE NEW.client IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a
        WHERE a.blocking = 1 AND a.overridden = 0 AND a.client = NEW.client
          AND a.start_s > NEW.start_s - 86400 AND a.start_s < NEW.end_s AND a.end_s > NEW.start_s
          AND NOT (a.scope = NEW.scope AND a.id = NEW.id));
END;

-- The feeds. Each row keeps the document as it was at that change: a desk that reads page by page must never see two
-- states of one moment, which a join with the present documents would show it.
CREATE TABLE change (
    scope  TEXT    NOT NULL REFERENCES feed (scope),
    seq    INTEGER NOT NULL CHECK (seq > 0),
    entity TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    rev    INTEGER NOT NULL CHECK (rev > 0),
    doc    TEXT    CHECK (doc IS NULL OR json_valid(doc)),
    PRIMARY KEY (scope, seq)
) STRICT;

CREATE TABLE desk (
    id          TEXT    NOT NULL PRIMARY KEY,
    office      TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    public_key  TEXT    NOT NULL CHECK (length(public_key) = 64),
    enrolled_at INTEGER NOT NULL,
    revoked_at  INTEGER
) STRICT, WITHOUT ROWID;

-- One-time enrolment codes; only their hash is kept.
CREATE TABLE enrol_code (
    hash       TEXT    NOT NULL PRIMARY KEY,
    office     TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

-- Nonces that a desk is to sign, and the tokens that it gets for it; only hashes are kept.
CREATE TABLE nonce (
    hash       TEXT    NOT NULL PRIMARY KEY,
    desk       TEXT    NOT NULL REFERENCES desk (id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE token (
    hash       TEXT    NOT NULL PRIMARY KEY,
    desk       TEXT    NOT NULL REFERENCES desk (id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How far each copy of a desk's database has come. It orders and finds gaps; only command ids make "once" true.
CREATE TABLE incarnation (
    desk TEXT    NOT NULL REFERENCES desk (id),
    inc  TEXT    NOT NULL,
    last INTEGER NOT NULL CHECK (last >= 0),
    PRIMARY KEY (desk, inc)
) STRICT, WITHOUT ROWID;

-- Every command ever decided, with its verdict. The body is kept only while it is held.
CREATE TABLE command (
    id          TEXT    NOT NULL PRIMARY KEY,
    desk        TEXT    NOT NULL REFERENCES desk (id),
    inc         TEXT    NOT NULL,
    seq         INTEGER NOT NULL,
    office      TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    actor       TEXT    NOT NULL,
    at          TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    verdict     TEXT    NOT NULL CHECK (json_valid(verdict)),
    held        TEXT    CHECK (held IS NULL OR json_valid(held)),
    UNIQUE (desk, inc, seq)
) STRICT;

-- Answers of the intake by `Idempotency-Key`.
CREATE TABLE idempotency (
    key       TEXT    NOT NULL PRIMARY KEY,
    body_hash TEXT    NOT NULL,
    response  TEXT    NOT NULL CHECK (json_valid(response)),
    at        INTEGER NOT NULL
) STRICT;

CREATE INDEX idempotency_by_age ON idempotency (at);

-- The short references that families and offices say to each other.
CREATE TABLE reference (
    reference TEXT NOT NULL PRIMARY KEY,
    scope     TEXT NOT NULL REFERENCES feed (scope),
    enquiry   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
