-- Where the others of its office find a desk on their own network, as it last said: a list of "host:port".
ALTER TABLE desk ADD COLUMN listens TEXT CHECK (listens IS NULL OR json_valid(listens));
