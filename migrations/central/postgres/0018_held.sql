-- Commands without a verdict are few, and looked for from time to time.
CREATE INDEX command_held ON command (received_at) WHERE held IS NOT NULL;
