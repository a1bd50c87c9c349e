-- The same constraints with their columns in another order. A page of such an index that is full is parted by the first
-- column that tells its rows apart. For one counsellor that was the session, which says nothing of when: each new meeting was
-- looked for in all the pages of its counsellor. Now it is the time.
ALTER TABLE taken
    DROP CONSTRAINT "overlap:counsellor",
    DROP CONSTRAINT "overlap:room",
    DROP CONSTRAINT "overlap:client";

ALTER TABLE taken
    ADD CONSTRAINT "overlap:counsellor" EXCLUDE USING gist (resource WITH =, during WITH &&, session WITH <>)
        WHERE (what = 'counsellor'),
    ADD CONSTRAINT "overlap:room" EXCLUDE USING gist (resource WITH =, during WITH &&, session WITH <>)
        WHERE (what = 'room'),
    ADD CONSTRAINT "overlap:client" EXCLUDE USING gist (resource WITH =, during WITH &&, session WITH <>)
        WHERE (what = 'client');
