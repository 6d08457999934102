CREATE INDEX pack_server_first_at ON pack (server, first_at);
DROP INDEX pack_place;
