-- Who is taken on which day, as one number; a meeting over midnight has a row for either day. Two meetings that share a
-- moment share its day, so the constraints refuse what they refused; but those of one counsellor are no longer searched for
-- among all of theirs: a number leads to the few of one day. New meetings cost a third less.
-- Days are those of UTC: any that all rows agree on will do.

-- What is compared, and nothing else. Two names come to one number on one day as seldom as before.
CREATE FUNCTION as_key(name text, day bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT hashtextextended(name, day)
$$;

-- What a meeting takes that takes time.
CREATE FUNCTION takes(
    scope text, id text, counsellor text, second text, room text, client text, session text, start_s bigint, end_s bigint
) RETURNS TABLE (rank integer, what text, resource bigint, session_key bigint, during tstzrange)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT t.rank, t.what, as_key(t.resource, start_s / 86400 + d.later),
           as_key(coalesce(CASE WHEN t.what <> 'client' THEN session END, scope || '/' || id)),
           tstzrange(to_timestamp(start_s), to_timestamp(end_s))
    FROM (VALUES (1, 'counsellor', counsellor), (2, 'counsellor', second), (3, 'room', room), (4, 'client', client))
             AS t (rank, what, resource),
         -- No meeting is longer than a day.
         (VALUES (0), (1)) AS d (later)
    WHERE t.resource IS NOT NULL AND start_s / 86400 + d.later <= (end_s - 1) / 86400
$$;

TRUNCATE taken;
INSERT INTO taken (scope, id, what, resource, session, during)
SELECT a.scope, a.id, t.what, t.resource, t.session_key, t.during
FROM appointment a,
     LATERAL takes(a.scope, a.id, a.counsellor, a.second, a.room, a.client, a.session_key, a.start_s, a.end_s) t
WHERE a.blocking AND NOT a.overridden;

-- The triggers call these by name and stay as they are.
CREATE OR REPLACE FUNCTION new_appointments_take() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sits record;
BEGIN
    INSERT INTO taken (scope, id, what, resource, session, during)
    SELECT a.scope, a.id, t.what, t.resource, t.session_key, t.during
    FROM made a,
         LATERAL takes(a.scope, a.id, a.counsellor, a.second, a.room, a.client, a.session_key, a.start_s, a.end_s) t
    WHERE a.blocking AND NOT a.overridden
    ORDER BY a.scope, a.seq, a.id, t.rank;
    FOR sits IN
        SELECT * FROM made a WHERE a.blocking AND a.seat AND a.session_key IS NOT NULL ORDER BY a.scope, a.seq, a.id
    LOOP
        PERFORM take_seat(sits.scope, sits.id, sits.session_key, sits.overridden, sits.capacity);
    END LOOP;
    RETURN NULL;
END;
$$;

-- A meeting that changes: what it took is free, and it takes what it takes now.
CREATE OR REPLACE FUNCTION appointment_takes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sits boolean := NEW.blocking AND NEW.seat AND NEW.session_key IS NOT NULL;
BEGIN
    DELETE FROM taken t WHERE t.scope = NEW.scope AND t.id = NEW.id;
    IF NEW.blocking AND NOT NEW.overridden THEN
        INSERT INTO taken (scope, id, what, resource, session, during)
        SELECT NEW.scope, NEW.id, t.what, t.resource, t.session_key, t.during
        FROM takes(NEW.scope, NEW.id, NEW.counsellor, NEW.second, NEW.room, NEW.client, NEW.session_key, NEW.start_s,
                   NEW.end_s) t
        ORDER BY t.rank;
    END IF;
    -- Whoever sits already keeps the seat, whatever has become of the session's size.
    IF sits AND OLD.blocking AND OLD.seat AND OLD.session_key = NEW.session_key
       AND (NEW.overridden OR NOT OLD.overridden) THEN
        RETURN NULL;
    END IF;
    DELETE FROM seat s WHERE s.scope = NEW.scope AND s.id = NEW.id;
    IF sits THEN
        PERFORM take_seat(NEW.scope, NEW.id, NEW.session_key, NEW.overridden, NEW.capacity);
    END IF;
    RETURN NULL;
END;
$$;
