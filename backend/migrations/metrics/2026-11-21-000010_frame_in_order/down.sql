CREATE TABLE frame_by_moment (
    id INTEGER NOT NULL PRIMARY KEY,
    server BLOB NOT NULL CHECK (length(server) = 16),
    at BIGINT NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (server, at)
);
INSERT OR REPLACE INTO frame_by_moment (id, server, at, body)
    SELECT id, server, at, body FROM frame ORDER BY id;
DROP TABLE frame;
ALTER TABLE frame_by_moment RENAME TO frame;
