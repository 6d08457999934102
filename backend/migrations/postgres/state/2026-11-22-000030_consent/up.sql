-- That a person wanted to be told by a channel or in a browser: from when, and until when.
CREATE TABLE consent (
    id BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BYTEA NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('channel', 'browser')),
    -- The channel or the browser, which may be gone since; its name then.
    subject_id BYTEA NOT NULL CHECK (length(subject_id) = 16),
    name TEXT COLLATE "C" NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX consent_user ON consent (user_id, id);
CREATE INDEX consent_subject ON consent (subject_id) WHERE withdrawn_at IS NULL;
