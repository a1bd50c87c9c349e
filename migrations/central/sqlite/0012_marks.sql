-- A number that nobody else has drawn, the same for all changes of one write. A database that has lost the end of its log
-- comes to the same numbers of a feed again, but not to the same marks. What was written before has none.
ALTER TABLE change ADD COLUMN mark INTEGER;
