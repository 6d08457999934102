CREATE TABLE server (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('local', 'agent', 'ssh', 'push')),
    address TEXT,
    group_name TEXT,
    tags TEXT NOT NULL DEFAULT '[]',
    interval_seconds INTEGER NOT NULL,
    enabled BOOLEAN NOT NULL,
    monitoring TEXT NOT NULL CHECK (monitoring IN ('running', 'stopped')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
