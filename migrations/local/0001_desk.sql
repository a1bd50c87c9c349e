-- The desk's own database. Documents are kept whole as JSON; the columns beside them are what queries and triggers need.
-- Instants are seconds since 1970-01-01 UTC.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- By scope, the last change of central that this database holds.
CREATE TABLE cursor (
    scope TEXT PRIMARY KEY,
    seq   INTEGER NOT NULL CHECK (seq >= 0)
) STRICT;

-- What changes seldom: office, sites, rooms, people, kinds, openings, absences, the directory; and what a newer central
-- sends and this version does not know, kept as it came.
CREATE TABLE setting (
    entity TEXT NOT NULL,
    id     TEXT NOT NULL,
    rev    INTEGER NOT NULL,
    doc    TEXT NOT NULL CHECK (json_valid(doc)),
    PRIMARY KEY (entity, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE client (
    n          INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    rev        INTEGER NOT NULL,
    sort_name  TEXT NOT NULL,
    birth_date TEXT,
    merged     INTEGER NOT NULL DEFAULT 0,
    doc        TEXT NOT NULL CHECK (json_valid(doc))
) STRICT;
CREATE INDEX client_by_name ON client (sort_name);
CREATE INDEX client_by_birth ON client (birth_date) WHERE birth_date IS NOT NULL;

-- Names, phone numbers, birth dates, school, guardians: folded by the application, so that both sides fold alike.
CREATE VIRTUAL TABLE client_text USING fts5 (text, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3');

CREATE TABLE enquiry (
    n           INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    rev         INTEGER NOT NULL,
    status      TEXT NOT NULL,
    owner       TEXT,
    client      TEXT,
    appointment TEXT,
    received_s  INTEGER NOT NULL,
    due_s       INTEGER NOT NULL,
    snoozed_s   INTEGER,
    doc         TEXT NOT NULL CHECK (json_valid(doc))
) STRICT;
CREATE INDEX enquiry_by_due ON enquiry (status, due_s);
CREATE INDEX enquiry_by_client ON enquiry (client) WHERE client IS NOT NULL;

CREATE VIRTUAL TABLE enquiry_text USING fts5 (text, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');

CREATE TABLE appointment (
    id         TEXT PRIMARY KEY,
    rev        INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    counsellor TEXT NOT NULL,
    site       TEXT NOT NULL,
    room       TEXT,
    client     TEXT,
    enquiry    TEXT,
    start_s    INTEGER NOT NULL,
    end_s      INTEGER NOT NULL,
    status     TEXT NOT NULL CHECK (status IN
        ('held','booked','arrived','attended','no_show','excused','cancelled','declined','expired')),
    blocking   INTEGER GENERATED ALWAYS AS
        (status IN ('held','booked','arrived','attended','no_show')) STORED,
    -- One group session: rows with the same value share counsellor and room.
    session    TEXT,
    -- A person booked over a rule and gave a reason, which is in the document.
    overridden INTEGER NOT NULL DEFAULT 0 CHECK (overridden IN (0, 1)),
    doc        TEXT NOT NULL CHECK (json_valid(doc)),
    CHECK (end_s > start_s)
) STRICT;
CREATE INDEX appointment_by_counsellor ON appointment (counsellor, start_s, end_s) WHERE blocking = 1;
CREATE INDEX appointment_by_room ON appointment (room, start_s, end_s) WHERE blocking = 1 AND room IS NOT NULL;
CREATE INDEX appointment_by_client ON appointment (client, start_s);
CREATE INDEX appointment_by_start ON appointment (start_s);
CREATE INDEX appointment_by_enquiry ON appointment (enquiry) WHERE enquiry IS NOT NULL;

-- A day is the longest meeting (the rules say so): overlapping rows start at most a day before.
CREATE TRIGGER appointment_no_overlap_insert BEFORE INSERT ON appointment
WHEN NEW.overridden = 0 AND NEW.status IN ('held','booked','arrived','attended','no_show')
BEGIN
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.counsellor = NEW.counsellor AND a.id <> NEW.id
          AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s AND a.overridden = 0
          AND (a.session IS NULL OR NEW.session IS NULL OR a.session <> NEW.session));
    SELECT RAISE(ABORT, 'overlap:room') WHERE NEW.room IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.room = NEW.room AND a.id <> NEW.id
          AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s AND a.overridden = 0
          AND (a.session IS NULL OR NEW.session IS NULL OR a.session <> NEW.session));
    SELECT RAISE(ABORT, 'overlap:client') WHERE NEW.client IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.client = NEW.client AND a.id <> NEW.id
          AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s AND a.overridden = 0);
END;

CREATE TRIGGER appointment_no_overlap_update BEFORE UPDATE ON appointment
WHEN NEW.overridden = 0 AND NEW.status IN ('held','booked','arrived','attended','no_show')
BEGIN
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.counsellor = NEW.counsellor AND a.id <> NEW.id
          AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s AND a.overridden = 0
          AND (a.session IS NULL OR NEW.session IS NULL OR a.session <> NEW.session));
    SELECT RAISE(ABORT, 'overlap:room') WHERE NEW.room IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.room = NEW.room AND a.id <> NEW.id
          AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s AND a.overridden = 0
          AND (a.session IS NULL OR NEW.session IS NULL OR a.session <> NEW.session));
    SELECT RAISE(ABORT, 'overlap:client') WHERE NEW.client IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.client = NEW.client AND a.id <> NEW.id
          AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s AND a.overridden = 0);
END;

-- Present while the overlay is taken off and put on again, inside one transaction; never after a commit.
CREATE TABLE rebasing (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;

CREATE TRIGGER appointment_is_never_deleted BEFORE DELETE ON appointment
WHEN NOT EXISTS (SELECT 1 FROM rebasing)
BEGIN
    SELECT RAISE(ABORT, 'an appointment is never deleted');
END;

-- What central last said about a document that a command of this desk has changed since; no document: it was made here.
CREATE TABLE overlay (
    entity TEXT NOT NULL,
    id     TEXT NOT NULL,
    rev    INTEGER NOT NULL,
    doc    TEXT,
    PRIMARY KEY (entity, id)
) STRICT, WITHOUT ROWID;

-- Commands that central has not shown back yet, in the order in which they were given.
CREATE TABLE outbox (
    seq      INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    at       TEXT NOT NULL,
    actor    TEXT NOT NULL,
    role     TEXT NOT NULL,
    depends  TEXT NOT NULL CHECK (json_valid(depends)),
    command  TEXT NOT NULL CHECK (json_valid(command)),
    about    TEXT NOT NULL CHECK (json_valid(about)),
    -- pending: not acknowledged; held: central keeps it until it understands it; acknowledged: central accepted it, its
    -- changes have not all arrived (`visible_at`).
    state    TEXT NOT NULL CHECK (state IN ('pending', 'held', 'acknowledged')),
    visible_at TEXT CHECK (visible_at IS NULL OR json_valid(visible_at)),
    -- Set when it no longer holds over central's present state; central has the last word.
    doubtful TEXT
) STRICT;

-- Commands that central refused: each waits for a person, with what was meant.
CREATE TABLE conflict (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    at         TEXT NOT NULL,
    given_at   TEXT NOT NULL,
    actor      TEXT NOT NULL,
    offline    INTEGER NOT NULL,
    refusal    TEXT NOT NULL CHECK (json_valid(refusal)),
    command    TEXT NOT NULL CHECK (json_valid(command)),
    -- The meeting as it stood here, for the card and for the grid.
    mine       TEXT CHECK (mine IS NULL OR json_valid(mine)),
    start_s    INTEGER,
    state      TEXT NOT NULL CHECK (state IN ('open', 'settled')),
    settled    TEXT
) STRICT;
CREATE INDEX conflict_open ON conflict (state, start_s);

-- What can be taken back.
CREATE TABLE undo (
    n        INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    at       TEXT NOT NULL,
    actor    TEXT NOT NULL,
    kind     TEXT NOT NULL,
    about    TEXT NOT NULL CHECK (json_valid(about)),
    inverse  TEXT NOT NULL CHECK (json_valid(inverse)),
    state    TEXT NOT NULL CHECK (state IN ('ready', 'undone', 'void'))
) STRICT;

-- Texts being written, saved at every key.
CREATE TABLE draft (
    key  TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    at   TEXT NOT NULL
) STRICT;
