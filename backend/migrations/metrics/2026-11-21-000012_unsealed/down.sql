DROP INDEX pack_window;
CREATE INDEX pack_span ON pack (span, server, first_at);
