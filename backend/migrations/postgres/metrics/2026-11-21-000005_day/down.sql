CREATE INDEX pack_server_first_at ON pack (server, first_at);
DROP INDEX pack_reach;
DROP TABLE stale_day;
DROP TABLE aggregate_day;
