-- Only what lies in no pack yet is lost: `watchpost db aggregate` packs it before.
DROP TABLE frame;
CREATE TABLE frame (
    id INTEGER NOT NULL PRIMARY KEY,
    server BLOB NOT NULL CHECK (length(server) = 16),
    at BIGINT NOT NULL,
    body BLOB NOT NULL
);
