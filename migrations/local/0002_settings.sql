-- How often any setting has changed: whoever keeps settings in memory sees by it that they are no longer those. The sum
-- of the revisions does not say it, because what this desk changes has no new revision until central has decided.
CREATE TABLE setting_changes (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    n   INTEGER NOT NULL
) STRICT;
INSERT INTO setting_changes (one, n) VALUES (1, 0);

CREATE TRIGGER setting_is_new AFTER INSERT ON setting
BEGIN
    UPDATE setting_changes SET n = n + 1;
END;

CREATE TRIGGER setting_is_changed AFTER UPDATE ON setting
BEGIN
    UPDATE setting_changes SET n = n + 1;
END;

CREATE TRIGGER setting_is_gone AFTER DELETE ON setting
BEGIN
    UPDATE setting_changes SET n = n + 1;
END;
