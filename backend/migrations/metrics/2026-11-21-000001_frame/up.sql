-- Each series that ever had a sample; its number stands for it in layouts.
CREATE TABLE series (
    id INTEGER NOT NULL PRIMARY KEY,
    server BLOB NOT NULL CHECK (length(server) = 16),
    metric TEXT NOT NULL,
    labels TEXT NOT NULL,
    UNIQUE (server, metric, labels)
);

-- Ordered lists of series numbers (4 bytes each, little endian): the columns of frames.
CREATE TABLE layout (
    id INTEGER NOT NULL PRIMARY KEY,
    series BLOB NOT NULL UNIQUE
);

-- One row a server and turn. A table with row ids, so that a body lies whole in its page
-- (without them it would spill beyond a quarter of the page) and new rows fill pages to the end.
CREATE TABLE frame (
    id INTEGER NOT NULL PRIMARY KEY,
    server BLOB NOT NULL CHECK (length(server) = 16),
    at BIGINT NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (server, at)
);

-- The processes of a server at one moment.
CREATE TABLE processes (
    id INTEGER NOT NULL PRIMARY KEY,
    server BLOB NOT NULL CHECK (length(server) = 16),
    at BIGINT NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (server, at)
);
