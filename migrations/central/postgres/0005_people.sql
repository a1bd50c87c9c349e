-- All meetings and all enquiries of a client: what moves when two records of one person become one.

CREATE INDEX appointment_of_client ON appointment (scope, client) WHERE client IS NOT NULL;
CREATE INDEX enquiry_of_client ON document (scope, client) WHERE entity = 'enquiry';
