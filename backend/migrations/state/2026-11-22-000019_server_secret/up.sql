-- What the server keeps to itself, sealed with the row's id: the key by which push services know it.
CREATE TABLE server_secret (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL UNIQUE,
    sealed BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
