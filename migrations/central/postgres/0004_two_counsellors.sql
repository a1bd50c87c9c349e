-- Meetings held by two counsellors, and group sessions whose seats the database counts too.

ALTER TABLE appointment ADD COLUMN second text;
-- Somebody's seat, and not a planned group session itself.
ALTER TABLE appointment ADD COLUMN seat boolean NOT NULL DEFAULT false;
-- Seats of the session; 1 for every other meeting.
ALTER TABLE appointment ADD COLUMN capacity bigint NOT NULL DEFAULT 1 CHECK (capacity > 0);

-- Rows of before: what the columns say follows from what is there.
UPDATE appointment a SET
    seat = (client IS NOT NULL OR enquiry IS NOT NULL),
    capacity = coalesce(
        (SELECT greatest(1, (d.doc ->> 'capacity')::bigint) FROM document d
           WHERE d.scope = a.scope AND d.entity = 'kind' AND d.id = a.doc ->> 'kind'), 1)
WHERE session_key IS NOT NULL;

-- A row for each seat that somebody has. Its number is the lowest that is free, so that two who take the last seat at
-- the same moment want the same one.
CREATE TABLE seat (
    session_key text   NOT NULL,
    number      bigint NOT NULL CHECK (number > 0),
    scope       text   COLLATE "C" NOT NULL,
    id          text   COLLATE "C" NOT NULL,
    PRIMARY KEY (session_key, number),
    UNIQUE (scope, id),
    FOREIGN KEY (scope, id) REFERENCES appointment (scope, id)
);

INSERT INTO seat
SELECT session_key, row_number() OVER (PARTITION BY session_key ORDER BY scope, id), scope, id
FROM appointment WHERE session_key IS NOT NULL AND blocking AND seat;

-- Two meetings that both take time never share a counsellor, the first or the second of either; and no more people are
-- in a group session than it has seats. Who may overlap may sit on a seat too many as well, but takes one.
CREATE OR REPLACE FUNCTION appointment_takes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own    text := NEW.scope || '/' || NEW.id;
    during tstzrange := tstzrange(to_timestamp(NEW.start_s), to_timestamp(NEW.end_s));
    sits   boolean;
    free   bigint;
    others bigint;
BEGIN
    DELETE FROM taken t WHERE t.scope = NEW.scope AND t.id = NEW.id;
    IF NEW.blocking AND NOT NEW.overridden THEN
        INSERT INTO taken VALUES
            (NEW.scope, NEW.id, 'counsellor', NEW.counsellor, coalesce(NEW.session_key, own), during);
        IF NEW.second IS NOT NULL THEN
            INSERT INTO taken VALUES
                (NEW.scope, NEW.id, 'counsellor', NEW.second, coalesce(NEW.session_key, own), during);
        END IF;
        IF NEW.room IS NOT NULL THEN
            INSERT INTO taken VALUES (NEW.scope, NEW.id, 'room', NEW.room, coalesce(NEW.session_key, own), during);
        END IF;
        IF NEW.client IS NOT NULL THEN
            INSERT INTO taken VALUES (NEW.scope, NEW.id, 'client', NEW.client, own, during);
        END IF;
    END IF;
    sits := NEW.blocking AND NEW.seat AND NEW.session_key IS NOT NULL;
    -- Whoever sits already keeps the seat, whatever has become of the session's size.
    IF TG_OP = 'UPDATE' AND sits AND OLD.blocking AND OLD.seat AND OLD.session_key = NEW.session_key
       AND (NEW.overridden OR NOT OLD.overridden) THEN
        RETURN NULL;
    END IF;
    DELETE FROM seat s WHERE s.scope = NEW.scope AND s.id = NEW.id;
    IF sits THEN
        SELECT count(*) INTO others FROM seat s WHERE s.session_key = NEW.session_key;
        IF NOT NEW.overridden AND others >= NEW.capacity THEN
            RAISE EXCEPTION 'overlap:capacity';
        END IF;
        SELECT n INTO free FROM generate_series(1, others + 1) n
        WHERE NOT EXISTS (SELECT 1 FROM seat s WHERE s.session_key = NEW.session_key AND s.number = n)
        ORDER BY n LIMIT 1;
        INSERT INTO seat VALUES (NEW.session_key, free, NEW.scope, NEW.id);
    END IF;
    RETURN NULL;
END;
$$;

DROP TRIGGER appointment_takes_on_update ON appointment;
CREATE TRIGGER appointment_takes_on_update AFTER UPDATE ON appointment
FOR EACH ROW WHEN (
    (OLD.counsellor, OLD.second, OLD.room, OLD.client, OLD.start_s, OLD.end_s, OLD.blocking, OLD.overridden,
     OLD.session_key, OLD.seat)
    IS DISTINCT FROM
    (NEW.counsellor, NEW.second, NEW.room, NEW.client, NEW.start_s, NEW.end_s, NEW.blocking, NEW.overridden,
     NEW.session_key, NEW.seat))
EXECUTE FUNCTION appointment_takes();
