-- Meetings held by two counsellors, and group sessions whose seats the database counts too.

ALTER TABLE appointment ADD COLUMN second TEXT;
-- Somebody's seat, and not a planned group session itself.
ALTER TABLE appointment ADD COLUMN seat INTEGER NOT NULL DEFAULT 0 CHECK (seat IN (0, 1));
-- Seats of the session; 1 for every other meeting.
ALTER TABLE appointment ADD COLUMN capacity INTEGER NOT NULL DEFAULT 1 CHECK (capacity > 0);

DROP TRIGGER appointment_no_overlap_insert;
DROP TRIGGER appointment_no_overlap_update;

-- Rows of before: what the columns say follows from what is there.
UPDATE appointment SET
    seat = (client IS NOT NULL OR enquiry IS NOT NULL),
    capacity = coalesce(
        (SELECT max(1, json_extract(s.doc, '$.capacity')) FROM setting s
           WHERE s.entity = 'kind' AND s.id = appointment.kind), 1)
WHERE session IS NOT NULL;

CREATE INDEX appointment_by_second ON appointment (second, start_s, end_s) WHERE blocking = 1 AND second IS NOT NULL;
CREATE INDEX appointment_by_session ON appointment (session) WHERE session IS NOT NULL;

-- Two meetings that both take time never share a counsellor (the first or the second of either), a room or a client;
-- and no more people are in a group session than it has seats. The rules find it first; this makes it impossible.
-- A day is the longest meeting: overlapping rows start at most a day before. Rows of one session share counsellors and
-- room whatever their times: while a session moves, they are written one after the other. Seats are not counted while
-- central's documents are taken in: a director may have made a session smaller than the people who are in it.
CREATE TRIGGER appointment_no_overlap_insert BEFORE INSERT ON appointment
WHEN NEW.overridden = 0 AND NEW.status IN ('held','booked','arrived','attended','no_show')
BEGIN
    SELECT RAISE(ABORT, 'appointment:length') WHERE NEW.end_s - NEW.start_s > 86400;
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.counsellor IN (NEW.counsellor, NEW.second)
          AND a.id <> NEW.id AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s
          AND a.overridden = 0 AND (a.session IS NULL OR NEW.session IS NULL OR a.session <> NEW.session));
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.second IN (NEW.counsellor, NEW.second)
          AND a.id <> NEW.id AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s
          AND a.overridden = 0 AND (a.session IS NULL OR NEW.session IS NULL OR a.session <> NEW.session));
    SELECT RAISE(ABORT, 'overlap:room') WHERE NEW.room IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.room = NEW.room AND a.id <> NEW.id
          AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s AND a.overridden = 0
          AND (a.session IS NULL OR NEW.session IS NULL OR a.session <> NEW.session));
    SELECT RAISE(ABORT, 'overlap:client') WHERE NEW.client IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.client = NEW.client AND a.id <> NEW.id
          AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s AND a.overridden = 0);
    SELECT RAISE(ABORT, 'overlap:capacity') WHERE NEW.session IS NOT NULL AND NEW.seat = 1
       AND NOT EXISTS (SELECT 1 FROM rebasing)
       AND NEW.capacity <= (SELECT count(*) FROM appointment a
          WHERE a.session = NEW.session AND a.blocking = 1 AND a.seat = 1 AND a.id <> NEW.id);
END;

-- A change that takes nothing more is let through, so that an old clash does not keep a meeting from being marked.
CREATE TRIGGER appointment_no_overlap_update BEFORE UPDATE ON appointment
WHEN NEW.overridden = 0 AND NEW.status IN ('held','booked','arrived','attended','no_show') AND (
       OLD.blocking = 0 OR OLD.overridden = 1 OR OLD.start_s <> NEW.start_s OR OLD.end_s <> NEW.end_s
    OR OLD.counsellor <> NEW.counsellor OR OLD.second IS NOT NEW.second OR OLD.room IS NOT NEW.room
    OR OLD.client IS NOT NEW.client OR OLD.session IS NOT NEW.session)
BEGIN
    SELECT RAISE(ABORT, 'appointment:length') WHERE NEW.end_s - NEW.start_s > 86400;
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.counsellor IN (NEW.counsellor, NEW.second)
          AND a.id <> NEW.id AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s
          AND a.overridden = 0 AND (a.session IS NULL OR NEW.session IS NULL OR a.session <> NEW.session));
    SELECT RAISE(ABORT, 'overlap:counsellor') WHERE EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.second IN (NEW.counsellor, NEW.second)
          AND a.id <> NEW.id AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s
          AND a.overridden = 0 AND (a.session IS NULL OR NEW.session IS NULL OR a.session <> NEW.session));
    SELECT RAISE(ABORT, 'overlap:room') WHERE NEW.room IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.room = NEW.room AND a.id <> NEW.id
          AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s AND a.overridden = 0
          AND (a.session IS NULL OR NEW.session IS NULL OR a.session <> NEW.session));
    SELECT RAISE(ABORT, 'overlap:client') WHERE NEW.client IS NOT NULL AND EXISTS (
        SELECT 1 FROM appointment a WHERE a.blocking = 1 AND a.client = NEW.client AND a.id <> NEW.id
          AND a.start_s < NEW.end_s AND a.start_s > NEW.start_s - 86400 AND a.end_s > NEW.start_s AND a.overridden = 0);
    SELECT RAISE(ABORT, 'overlap:capacity')
     WHERE NEW.session IS NOT NULL AND NEW.seat = 1 AND NOT EXISTS (SELECT 1 FROM rebasing)
       AND (OLD.blocking = 0 OR OLD.seat = 0 OR OLD.overridden = 1 OR OLD.session IS NOT NEW.session)
       AND NEW.capacity <= (SELECT count(*) FROM appointment a
          WHERE a.session = NEW.session AND a.blocking = 1 AND a.seat = 1 AND a.id <> NEW.id);
END;
