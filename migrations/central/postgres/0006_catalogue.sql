-- Releases of the catalogue, as desks fetch them.

-- A pack, under the hash of its bytes. It is compressed already: stored as it is, a piece of it is read without the rest.
CREATE TABLE blob (
    sha256 text  NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
    bytes  bytea NOT NULL
);
ALTER TABLE blob ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- A release: numbers only rise. The manifest is kept to the byte, as it was signed.
CREATE TABLE catalogue_release (
    number       bigint NOT NULL PRIMARY KEY,
    release      text   NOT NULL UNIQUE,
    manifest     text   NOT NULL,
    signature    text   NOT NULL,
    published_at text   NOT NULL
);

CREATE FUNCTION catalogue_release_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <= (SELECT coalesce(max(number), 0) FROM catalogue_release) THEN
        RAISE EXCEPTION 'a release has a higher number than those before it';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER catalogue_release_rises BEFORE INSERT ON catalogue_release
FOR EACH ROW EXECUTE FUNCTION catalogue_release_rises();
