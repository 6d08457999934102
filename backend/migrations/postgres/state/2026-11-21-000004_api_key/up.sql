CREATE TABLE api_key (
    id BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BYTEA NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    -- How the secret begins; all that is kept of its text.
    prefix TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of the secret, which has 256 random bits.
    secret_hash BYTEA NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    scopes TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT
);

CREATE INDEX api_key_user ON api_key (user_id);
