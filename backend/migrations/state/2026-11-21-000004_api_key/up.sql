CREATE TABLE api_key (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- How the secret begins; all that is kept of its text.
    prefix TEXT NOT NULL,
    -- SHA-256 of the secret, which has 256 random bits.
    secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT
);

CREATE INDEX api_key_user ON api_key (user_id);
