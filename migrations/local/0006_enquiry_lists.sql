-- The lists of enquiries, in the order in which they are shown: read from one end and left when enough is found.
CREATE INDEX enquiry_by_received ON enquiry (received_s DESC, id);
CREATE INDEX enquiry_in_order ON enquiry (due_s, id);
