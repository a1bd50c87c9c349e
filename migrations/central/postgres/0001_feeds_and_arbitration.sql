-- The central service's store on PostgreSQL. Instants in columns are Unix seconds (UTC); documents are JSON, kept to the
-- byte: the type json keeps its text, as jsonb does not.

-- Equality beside ranges in one exclusion constraint. PostgreSQL ships it; it is trusted from version 13 on, so that
-- the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Facts about this database itself: epoch, family_secret, demo.
CREATE TABLE meta (
    key   text NOT NULL PRIMARY KEY,
    value text NOT NULL
);

-- A feed of changes: one for each office ("office:<UAI>") and the directory ("dir"). `head` is the last number given;
-- the row is what a transaction locks, so that numbers have no gap and become visible in order.
CREATE TABLE feed (
    scope    text   COLLATE "C" NOT NULL PRIMARY KEY,
    head     bigint NOT NULL DEFAULT 0 CHECK (head >= 0),
    -- The head at which settings last changed: a settings cache is good as long as this number is the same.
    settings bigint NOT NULL DEFAULT 0 CHECK (settings BETWEEN 0 AND head)
);

-- The present state of every document but appointments. What is looked for inside a document has a column: the operators
-- of json refuse texts that JSON allows.
CREATE TABLE document (
    scope  text   COLLATE "C" NOT NULL REFERENCES feed (scope),
    entity text   COLLATE "C" NOT NULL,
    id     text   COLLATE "C" NOT NULL,
    rev    bigint NOT NULL CHECK (rev > 0),
    seq    bigint NOT NULL CHECK (seq > 0),
    doc    json   NOT NULL,
    PRIMARY KEY (scope, entity, id)
);

-- Appointments, with what the rules of overlap need in columns.
CREATE TABLE appointment (
    scope       text    COLLATE "C" NOT NULL REFERENCES feed (scope),
    id          text    COLLATE "C" NOT NULL,
    counsellor  text    NOT NULL,
    room        text,
    client      text,
    enquiry     text,
    start_s     bigint  NOT NULL,
    -- No meeting is longer than a day.
    end_s       bigint  NOT NULL CHECK (end_s > start_s AND end_s - start_s <= 86400),
    status      text    NOT NULL,
    blocking    boolean NOT NULL,
    -- Somebody gave a reason to set a rule aside: such a meeting may overlap.
    overridden  boolean NOT NULL,
    -- Meetings of one group session have the same key and share its counsellor and room.
    session_key text,
    held_until_s bigint,
    rev         bigint  NOT NULL CHECK (rev > 0),
    seq         bigint  NOT NULL CHECK (seq > 0),
    doc         json    NOT NULL,
    PRIMARY KEY (scope, id)
);

CREATE INDEX appointment_by_time ON appointment (scope, start_s);
CREATE INDEX appointment_by_hold ON appointment (held_until_s) WHERE status = 'held' AND held_until_s IS NOT NULL;

-- Nothing deletes an appointment: states end it.
CREATE FUNCTION never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%:delete', TG_ARGV[0];
END;
$$;

CREATE TRIGGER appointment_is_never_deleted BEFORE DELETE ON appointment
FOR EACH ROW EXECUTE FUNCTION never_deleted('appointment');

-- Who and what is taken when, a row for each: two meetings that both take time never share a counsellor, a room or a
-- client. The rules find it first; these constraints make it impossible. A meeting has more than one row, and which of
-- its two counsellors meets which of another's must not matter: that no constraint on `appointment` itself can say.
-- `session` is the key of a group session, whose meetings share its counsellor and room; every other meeting's is its own.
CREATE TABLE taken (
    scope    text      COLLATE "C" NOT NULL,
    id       text      COLLATE "C" NOT NULL,
    what     text      NOT NULL CHECK (what IN ('counsellor', 'room', 'client')),
    resource text      NOT NULL,
    session  text      NOT NULL,
    during   tstzrange NOT NULL CHECK (NOT isempty(during)),
    FOREIGN KEY (scope, id) REFERENCES appointment (scope, id),
    CONSTRAINT "overlap:counsellor" EXCLUDE USING gist (resource WITH =, session WITH <>, during WITH &&)
        WHERE (what = 'counsellor'),
    CONSTRAINT "overlap:room" EXCLUDE USING gist (resource WITH =, session WITH <>, during WITH &&)
        WHERE (what = 'room'),
    CONSTRAINT "overlap:client" EXCLUDE USING gist (resource WITH =, session WITH <>, during WITH &&)
        WHERE (what = 'client')
);

CREATE INDEX taken_by_appointment ON taken (scope, id);

CREATE FUNCTION appointment_takes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own    text := NEW.scope || '/' || NEW.id;
    during tstzrange := tstzrange(to_timestamp(NEW.start_s), to_timestamp(NEW.end_s));
BEGIN
    DELETE FROM taken t WHERE t.scope = NEW.scope AND t.id = NEW.id;
    IF NEW.blocking AND NOT NEW.overridden THEN
        INSERT INTO taken VALUES
            (NEW.scope, NEW.id, 'counsellor', NEW.counsellor, coalesce(NEW.session_key, own), during);
        IF NEW.room IS NOT NULL THEN
            INSERT INTO taken VALUES (NEW.scope, NEW.id, 'room', NEW.room, coalesce(NEW.session_key, own), during);
        END IF;
        IF NEW.client IS NOT NULL THEN
            INSERT INTO taken VALUES (NEW.scope, NEW.id, 'client', NEW.client, own, during);
        END IF;
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER appointment_takes_on_insert AFTER INSERT ON appointment
FOR EACH ROW EXECUTE FUNCTION appointment_takes();

CREATE TRIGGER appointment_takes_on_update AFTER UPDATE ON appointment
FOR EACH ROW WHEN (
    (OLD.counsellor, OLD.room, OLD.client, OLD.start_s, OLD.end_s, OLD.blocking, OLD.overridden, OLD.session_key)
    IS DISTINCT FROM
    (NEW.counsellor, NEW.room, NEW.client, NEW.start_s, NEW.end_s, NEW.blocking, NEW.overridden, NEW.session_key))
EXECUTE FUNCTION appointment_takes();

-- The feeds. Each row keeps the document as it was at that change: a desk that reads page by page must never see two
-- states of one moment, which a join with the present documents would show it.
CREATE TABLE change (
    scope  text   COLLATE "C" NOT NULL REFERENCES feed (scope),
    seq    bigint NOT NULL CHECK (seq > 0),
    entity text   NOT NULL,
    id     text   NOT NULL,
    rev    bigint NOT NULL CHECK (rev > 0),
    doc    json,
    PRIMARY KEY (scope, seq)
);

CREATE TABLE desk (
    id          text   COLLATE "C" NOT NULL PRIMARY KEY,
    office      text   NOT NULL,
    name        text   NOT NULL,
    public_key  text   NOT NULL CHECK (length(public_key) = 64),
    enrolled_at bigint NOT NULL,
    revoked_at  bigint
);

-- One-time enrolment codes; only their hash is kept.
CREATE TABLE enrol_code (
    hash       text   NOT NULL PRIMARY KEY,
    office     text   NOT NULL,
    expires_at bigint NOT NULL,
    used_at    bigint
);

-- Nonces that a desk is to sign, and the tokens that it gets for it; only hashes are kept.
CREATE TABLE nonce (
    hash       text   NOT NULL PRIMARY KEY,
    desk       text   COLLATE "C" NOT NULL REFERENCES desk (id),
    expires_at bigint NOT NULL
);

CREATE TABLE token (
    hash       text   NOT NULL PRIMARY KEY,
    desk       text   COLLATE "C" NOT NULL REFERENCES desk (id),
    expires_at bigint NOT NULL
);

-- How far each copy of a desk's database has come. It orders and finds gaps; only command ids make "once" true.
CREATE TABLE incarnation (
    desk text   COLLATE "C" NOT NULL REFERENCES desk (id),
    inc  text   COLLATE "C" NOT NULL,
    last bigint NOT NULL CHECK (last >= 0),
    PRIMARY KEY (desk, inc)
);

-- Every command ever decided, with its verdict. The body is kept only while it is held.
CREATE TABLE command (
    id          text   COLLATE "C" NOT NULL PRIMARY KEY,
    desk        text   COLLATE "C" NOT NULL REFERENCES desk (id),
    inc         text   COLLATE "C" NOT NULL,
    seq         bigint NOT NULL,
    office      text   NOT NULL,
    kind        text   NOT NULL,
    actor       text   NOT NULL,
    at          text   NOT NULL,
    received_at bigint NOT NULL,
    verdict     json   NOT NULL,
    held        json,
    UNIQUE (desk, inc, seq)
);

-- Answers of the intake by `Idempotency-Key`.
CREATE TABLE idempotency (
    key       text   COLLATE "C" NOT NULL PRIMARY KEY,
    body_hash text   NOT NULL,
    response  json   NOT NULL,
    at        bigint NOT NULL
);

CREATE INDEX idempotency_by_age ON idempotency (at);

-- The short references that families and offices say to each other.
CREATE TABLE reference (
    reference text COLLATE "C" NOT NULL PRIMARY KEY,
    scope     text COLLATE "C" NOT NULL REFERENCES feed (scope),
    enquiry   text NOT NULL
);
