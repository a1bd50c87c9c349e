-- By which way a cursor came to its number, as central says it and is told again: numbers alone come back after a loss.
ALTER TABLE cursor ADD COLUMN mark TEXT;
