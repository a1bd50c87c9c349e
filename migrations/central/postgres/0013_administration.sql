-- Keys with which an administrator works over HTTP; only their hash is kept.
CREATE TABLE admin_key (
    name       text   COLLATE "C" NOT NULL PRIMARY KEY,
    hash       text   COLLATE "C" NOT NULL UNIQUE,
    made_at    bigint NOT NULL,
    revoked_at bigint
);

-- What administrators and directors did at central. Nothing that a family has said is here, nor anybody's name but that
-- of a key.
CREATE TABLE audit (
    -- UUIDv7: in the order in which it was noted.
    id      text   COLLATE "C" NOT NULL PRIMARY KEY,
    at_s    bigint NOT NULL,
    via     text   NOT NULL CHECK (via IN ('command_line', 'key', 'desk')),
    -- The name of the key, or the person at a desk.
    who     text   CHECK ((who IS NULL) = (via = 'command_line')),
    action  text   NOT NULL,
    office  text,
    -- The desk, the person, the key or the command that it was done to.
    subject text
);

CREATE INDEX audit_by_age ON audit (at_s);

-- It is only added to. What is older than a year may be forgotten: a year before the last of it, for a database has no clock.
CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.at_s <= (SELECT max(at_s) FROM audit) - 31536000 THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit:%', lower(TG_OP);
END;
$$;

CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to();

CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
