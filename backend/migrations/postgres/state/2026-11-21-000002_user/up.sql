CREATE TABLE "user" (
    id BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version BIGINT NOT NULL,
    username TEXT COLLATE "C" NOT NULL UNIQUE CHECK (username = lower(username)),
    display_name TEXT COLLATE "C",
    email TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    time_zone TEXT COLLATE "C",
    locale TEXT COLLATE "C",
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'operator', 'manager', 'admin')),
    disabled BOOLEAN NOT NULL,
    -- Without one nobody can log in.
    password_hash TEXT COLLATE "C",
    must_change_password BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_login_at BIGINT
);

CREATE TABLE session (
    id BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BYTEA NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT COLLATE "C",
    user_agent TEXT COLLATE "C",
    -- How often the refresh token was rotated, the hash of the newest, and when it was made.
    generation BIGINT NOT NULL,
    token_hash BYTEA NOT NULL CHECK (length(token_hash) = 32),
    rotated_at BIGINT NOT NULL
);

CREATE INDEX "session_user" ON session (user_id);

CREATE TABLE setting (
    user_id BYTEA NOT NULL PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
    theme TEXT COLLATE "C" NOT NULL CHECK (theme IN ('system', 'light', 'dark')),
    units TEXT COLLATE "C" NOT NULL CHECK (units IN ('binary', 'decimal')),
    start_page TEXT COLLATE "C" NOT NULL CHECK (start_page IN ('overview', 'server', 'alerts'))
);
