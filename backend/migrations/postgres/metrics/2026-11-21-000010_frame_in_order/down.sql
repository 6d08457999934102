DELETE FROM frame AS earlier USING frame AS later
WHERE earlier.server = later.server AND earlier.at = later.at AND earlier.id < later.id;
ALTER TABLE frame ADD CONSTRAINT frame_server_at_key UNIQUE (server, at);
