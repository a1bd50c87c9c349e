-- The waiting list lives among the documents; this finds what one person waits for.
CREATE INDEX document_waiting_by_client ON document (scope, json_extract(doc, '$.client'))
WHERE entity = 'waiting_entry';

-- What was put on the list is told by its end, never by its absence.
CREATE TRIGGER waiting_is_never_deleted BEFORE DELETE ON document
WHEN OLD.entity = 'waiting_entry'
BEGIN
    SELECT RAISE(ABORT, 'waiting_entry:delete');
END;
