-- What the server does by itself, when, and how the last run went.
CREATE TABLE job (
    id BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT COLLATE "C" NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    schedule TEXT COLLATE "C" NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    duration_ms BIGINT,
    outcome TEXT COLLATE "C" CHECK (outcome IN ('running', 'done', 'waiting', 'failed', 'interrupted')),
    result TEXT COLLATE "C" NOT NULL
);
