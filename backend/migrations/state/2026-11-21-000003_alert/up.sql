CREATE TABLE rule (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What a first start has put in, so that it does not come back after a person removed it.
CREATE TABLE seeded (
    name TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

-- Rules and servers may go; what happened stays, with the names of that time.
CREATE TABLE alert (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    rule_id BLOB NOT NULL,
    rule_name TEXT NOT NULL,
    rule_version INTEGER NOT NULL,
    server_id BLOB NOT NULL,
    server_name TEXT NOT NULL,
    metric TEXT NOT NULL,
    series_labels TEXT NOT NULL,
    labels TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'firing', 'acknowledged', 'resolved')),
    value DOUBLE,
    threshold DOUBLE,
    message TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    acknowledged_at BIGINT,
    acknowledged_by BLOB,
    resolved_at BIGINT,
    resolved_by BLOB,
    -- What the rule remembers about the series, and until when that matters once it is resolved.
    rule_state TEXT NOT NULL,
    holds_until BIGINT
);

-- One open alert for each rule and series.
CREATE UNIQUE INDEX alert_open ON alert (rule_id, server_id, metric, series_labels) WHERE state <> 'resolved';
CREATE INDEX alert_holding ON alert (holds_until) WHERE state = 'resolved' AND holds_until IS NOT NULL;
CREATE INDEX alert_server ON alert (server_id, id);

-- The number grows with every change of every alert and is never used again.
CREATE TABLE alert_history (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    alert_id BLOB NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('fired', 'escalated', 'deescalated', 'acknowledged', 'resolved')),
    severity TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
    value DOUBLE,
    message TEXT NOT NULL,
    by_user BLOB,
    comment TEXT
);

CREATE INDEX alert_history_alert ON alert_history (alert_id, seq);

-- Outbox: what has to be told. One for each change, written with it.
CREATE TABLE intent (
    seq BIGINT NOT NULL PRIMARY KEY REFERENCES alert_history (seq) ON DELETE CASCADE,
    alert_id BLOB NOT NULL,
    due_at BIGINT NOT NULL,
    consumed_at BIGINT
);

CREATE INDEX intent_due ON intent (due_at) WHERE consumed_at IS NULL;

-- What an intent became for one channel. The fence grows with each claim: who completes a
-- delivery with an older one has lost it to another.
CREATE TABLE delivery (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    intent_seq BIGINT NOT NULL REFERENCES intent (seq) ON DELETE CASCADE,
    channel TEXT NOT NULL CHECK (channel IN ('in_app')),
    state TEXT NOT NULL CHECK (state IN ('due', 'delivered')),
    attempts INTEGER NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT,
    UNIQUE (intent_seq, channel)
);

CREATE INDEX delivery_due ON delivery (intent_seq) WHERE state = 'due';

CREATE TABLE inbox (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL,
    intent_seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    alert_id BLOB NOT NULL,
    change TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
    server_id BLOB NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    read_at BIGINT,
    UNIQUE (user_id, intent_seq)
);

CREATE INDEX inbox_newest ON inbox (user_id, id);
CREATE INDEX inbox_unread ON inbox (user_id) WHERE read_at IS NULL;
