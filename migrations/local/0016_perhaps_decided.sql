-- Central may have decided this command, and its word has not arrived: what a colleague promises for it from then on is no
-- promise. What waits from before this was noted may have been sent.

ALTER TABLE outbox ADD COLUMN perhaps_decided INTEGER NOT NULL DEFAULT 0 CHECK (perhaps_decided IN (0, 1));
UPDATE outbox SET perhaps_decided = 1 WHERE vouch IS NULL;

ALTER TABLE colleague ADD COLUMN perhaps_decided INTEGER NOT NULL DEFAULT 0 CHECK (perhaps_decided IN (0, 1));
