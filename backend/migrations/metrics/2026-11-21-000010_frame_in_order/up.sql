-- Frames lie in the order in which they came, and nothing else is kept about them: an index by server
-- made each second write a page a server. Of two frames of one server and moment the later one stands
-- above the earlier, value by value, as samples that are read back from them always did.
CREATE TABLE frame_in_order (
    id INTEGER NOT NULL PRIMARY KEY,
    server BLOB NOT NULL CHECK (length(server) = 16),
    at BIGINT NOT NULL,
    body BLOB NOT NULL
);
INSERT INTO frame_in_order (id, server, at, body) SELECT id, server, at, body FROM frame ORDER BY id;
DROP TABLE frame;
ALTER TABLE frame_in_order RENAME TO frame;
