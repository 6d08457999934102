-- All that a question asks of a pack before it reads its bytes, and how many samples it would read:
-- without them in the index each pack of the hour was looked at where it lies.
CREATE INDEX pack_place ON pack (server, first_at, last_at, first_series, last_series, samples);
DROP INDEX pack_server_first_at;
