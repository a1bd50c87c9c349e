-- What was taken back, by which commands: central may refuse one of them, and then the step was not taken back.
ALTER TABLE undo ADD COLUMN undone_at TEXT;
ALTER TABLE undo ADD COLUMN undone_by TEXT CHECK (undone_by IS NULL OR json_valid(undone_by));
-- All commands of the step, in order: a refusal of any of them ends it.
ALTER TABLE undo ADD COLUMN commands TEXT CHECK (commands IS NULL OR json_valid(commands));
