CREATE TABLE server (
    id BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('local', 'agent', 'ssh', 'push')),
    address TEXT COLLATE "C",
    group_name TEXT COLLATE "C",
    tags TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    interval_seconds INTEGER NOT NULL,
    enabled BOOLEAN NOT NULL,
    monitoring TEXT COLLATE "C" NOT NULL CHECK (monitoring IN ('running', 'stopped')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
