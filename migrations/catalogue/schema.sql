-- The catalogue of a desk: a file of its own, built whole, then only read. It is rebuilt, never migrated: a reader
-- that finds another format number in `meta` asks for the import to be made again.

-- What the file is: format, release, when it was made, how many records it has.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A file that was read. Several may be of one dataset; a later import of a dataset replaces all of them.
CREATE TABLE source (
    id        INTEGER PRIMARY KEY,
    dataset   TEXT NOT NULL,
    title     TEXT NOT NULL,
    publisher TEXT NOT NULL,
    licence   TEXT NOT NULL,
    -- Day of the release, YYYY-MM-DD, where it is known.
    published TEXT,
    file      TEXT NOT NULL,
    -- Release of the catalogue in which it was read.
    release   TEXT NOT NULL
) STRICT;

-- A record that people find: programme, institution, occupation, question. What it says is in its parts.
CREATE TABLE entry (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL,
    kind       TEXT NOT NULL,
    title      TEXT NOT NULL,
    subtitle   TEXT NOT NULL,
    uai        TEXT NOT NULL,
    -- 1: only named by something else, as the institution of an offering.
    named_only INTEGER NOT NULL,
    -- 1: a centre d'information et d'orientation.
    office     INTEGER NOT NULL,
    -- Release since which no dataset has it; it stays readable for whoever refers to it.
    gone_since TEXT
) STRICT;

-- What one row of one file says of a record (JSON of the model). Parts are laid over one another, the lower rank first.
CREATE TABLE part (
    seq        INTEGER PRIMARY KEY,
    entry      INTEGER NOT NULL,
    source     INTEGER NOT NULL,
    rank       INTEGER NOT NULL,
    gone_since TEXT,
    body       TEXT NOT NULL
) STRICT;

-- A programme at an institution. Its ends may be in no file.
CREATE TABLE offering (
    seq         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL,
    programme   TEXT NOT NULL,
    institution TEXT NOT NULL,
    source      INTEGER NOT NULL,
    gone_since  TEXT,
    body        TEXT NOT NULL
) STRICT;

-- Links that records say of one another, to be followed from either end. Their ends may be in no file.
CREATE TABLE link (
    seq    INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    origin TEXT NOT NULL,
    target TEXT NOT NULL,
    label  TEXT NOT NULL
) STRICT;

-- Nomenclature.
CREATE TABLE domain (
    seq       INTEGER PRIMARY KEY,
    source    INTEGER NOT NULL,
    domain    TEXT NOT NULL,
    subdomain TEXT NOT NULL
) STRICT;
