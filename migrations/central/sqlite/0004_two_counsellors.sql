-- Meetings held by two counsellors, and group sessions whose seats the database counts too.

ALTER TABLE appointment ADD COLUMN second TEXT;
-- Somebody's seat, and not a planned group session itself.
ALTER TABLE appointment ADD COLUMN seat INTEGER NOT NULL DEFAULT 0 CHECK (seat IN (0, 1));
-- Seats of the session; 1 for every other meeting.
ALTER TABLE appointment ADD COLUMN capacity INTEGER NOT NULL DEFAULT 1 CHECK (capacity > 0);

-- Rows of before: what the columns say follows from what is there.
UPDATE appointment SET
    seat = (client IS NOT NULL OR json_extract(doc, '$.enquiry') IS NOT NULL),
    capacity = coalesce(
        (SELECT max(1, json_extract(d.doc, '$.capacity')) FROM document d
           WHERE d.scope = appointment.scope AND d.entity = 'kind'
             AND d.id = json_extract(appointment.doc, '$.kind')), 1)
WHERE session_key IS NOT NULL;

CREATE INDEX appointment_by_second ON appointment (second, start_s)
    WHERE blocking = 1 AND overridden = 0 AND second IS NOT NULL;
CREATE INDEX appointment_by_session ON appointment (session_key) WHERE session_key IS NOT NULL;

DROP TRIGGER appointment_overlap_on_insert;
DROP TRIGGER appointment_overlap_on_update;

-- Two meetings that both take time never share a counsellor (the first or the second of either), a room or a client;
-- and no more people are in a group session than it has seats. The rules find it first; this makes it impossible.
-- A change that touches neither time nor resources is let through, so that an old clash, made before a rule or by hand,
-- does not keep a meeting from being ended. Rows of one session share counsellors and room whatever their times: while
-- a session moves, they are written one after the other.
CREATE TRIGGER appointment_overlap_on_insert BEFORE INSERT ON appointment
WHEN NEW.blocking = 1 AND NEW.overridden = 0
BEGIN
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a
        WHERE a.blocking = 1 AND a.overridden = 0 AND a.counsellor IN (NEW.counsellor, NEW.second)
          AND a.start_s > NEW.start_s - 86400 AND a.start_s < NEW.end_s AND a.end_s > NEW.start_s
          AND NOT (a.scope = NEW.scope AND a.id = NEW.id)
          AND (a.session_key IS NULL OR a.session_key IS NOT NEW.session_key));
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a
        WHERE a.blocking = 1 AND a.overridden = 0 AND a.second IN (NEW.counsellor, NEW.second)
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
    SELECT RAISE(ABORT, 'overlap:capacity') WHERE NEW.session_key IS NOT NULL AND NEW.seat = 1
       AND NEW.capacity <= (SELECT count(*) FROM appointment a
          WHERE a.session_key = NEW.session_key AND a.blocking = 1 AND a.seat = 1
            AND NOT (a.scope = NEW.scope AND a.id = NEW.id));
END;

CREATE TRIGGER appointment_overlap_on_update
BEFORE UPDATE OF counsellor, second, room, client, start_s, end_s, blocking, overridden, session_key, seat ON appointment
WHEN NEW.blocking = 1 AND NEW.overridden = 0 AND (
       OLD.blocking = 0 OR OLD.overridden = 1 OR OLD.start_s <> NEW.start_s OR OLD.end_s <> NEW.end_s
    OR OLD.counsellor <> NEW.counsellor OR OLD.second IS NOT NEW.second OR OLD.room IS NOT NEW.room
    OR OLD.client IS NOT NEW.client OR OLD.session_key IS NOT NEW.session_key)
BEGIN
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a
        WHERE a.blocking = 1 AND a.overridden = 0 AND a.counsellor IN (NEW.counsellor, NEW.second)
          AND a.start_s > NEW.start_s - 86400 AND a.start_s < NEW.end_s AND a.end_s > NEW.start_s
          AND NOT (a.scope = NEW.scope AND a.id = NEW.id)
          AND (a.session_key IS NULL OR a.session_key IS NOT NEW.session_key));
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a
        WHERE a.blocking = 1 AND a.overridden = 0 AND a.second IN (NEW.counsellor, NEW.second)
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
    SELECT RAISE(ABORT, 'overlap:capacity') WHERE NEW.session_key IS NOT NULL AND NEW.seat = 1
       AND (OLD.blocking = 0 OR OLD.seat = 0 OR OLD.overridden = 1 OR OLD.session_key IS NOT NEW.session_key)
       AND NEW.capacity <= (SELECT count(*) FROM appointment a
          WHERE a.session_key = NEW.session_key AND a.blocking = 1 AND a.seat = 1
            AND NOT (a.scope = NEW.scope AND a.id = NEW.id));
END;
