-- Lists of processes of one server and one window, packed: see `store/metrics/processes`. A list
-- lies in `processes` only until its window is packed.
CREATE TABLE process_pack (
    id INTEGER NOT NULL PRIMARY KEY,
    server BLOB NOT NULL CHECK (length(server) = 16),
    -- The times of the first and the last list in it.
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    lists BIGINT NOT NULL,
    -- The length of the body.
    bytes BIGINT NOT NULL,
    body BLOB NOT NULL
);

CREATE INDEX process_pack_server_first_at ON process_pack (server, first_at);
-- What each day takes is added up from an index alone: no body is read for it.
CREATE INDEX process_pack_first_at_bytes ON process_pack (first_at, bytes);

ALTER TABLE processes ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
UPDATE processes SET bytes = length(body);
CREATE INDEX processes_at_bytes ON processes (at, bytes);

ALTER TABLE pack ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
UPDATE pack SET bytes = length(body);
CREATE INDEX pack_first_at_bytes ON pack (first_at, bytes);
