-- A scope is read again from a snapshot in parts, then from its feed. `after`: where the next part begins, '' for the first
-- of them, nothing when all are here; `got` of `total` documents have arrived.
ALTER TABLE refetch ADD COLUMN after TEXT;
ALTER TABLE refetch ADD COLUMN got INTEGER NOT NULL DEFAULT 0 CHECK (got >= 0);
ALTER TABLE refetch ADD COLUMN total INTEGER;
-- Taking over what was read would remove so many documents (`gone`) of those here (`present`) that somebody must say yes.
ALTER TABLE refetch ADD COLUMN gone INTEGER;
ALTER TABLE refetch ADD COLUMN present INTEGER;
ALTER TABLE refetch ADD COLUMN allowed INTEGER NOT NULL DEFAULT 0 CHECK (allowed IN (0, 1));
