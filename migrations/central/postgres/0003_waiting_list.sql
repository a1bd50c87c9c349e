-- The waiting list lives among the documents; these find what one person waits for.

-- Of an entry of the waiting list and of an enquiry: the person; of an entry its state.
ALTER TABLE document ADD COLUMN client text;
ALTER TABLE document ADD COLUMN state text;

UPDATE document SET client = doc ->> 'client' WHERE entity IN ('waiting_entry', 'enquiry');
UPDATE document SET state = doc ->> 'state' WHERE entity = 'waiting_entry';

CREATE INDEX document_waiting_by_client ON document (scope, client) WHERE entity = 'waiting_entry';

-- What was put on the list is told by its end, never by its absence.
CREATE TRIGGER waiting_is_never_deleted BEFORE DELETE ON document
FOR EACH ROW WHEN (OLD.entity = 'waiting_entry') EXECUTE FUNCTION never_deleted('waiting_entry');
