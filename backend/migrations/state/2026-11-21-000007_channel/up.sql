-- What messages say, when it is not what the server says by itself; each change is kept.
CREATE TABLE template (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version BIGINT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN (
        'webhook', 'email', 'slack', 'discord', 'teams', 'telegram', 'pagerduty', 'ntfy',
        'gotify', 'pushover', 'matrix', 'twilio', 'sendgrid', 'ses', 'web_push'
    )),
    parts TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE template_version (
    template_id BLOB NOT NULL REFERENCES template (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    parts TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_user BLOB,
    PRIMARY KEY (template_id, version)
);

-- Where messages go. What must not be read is sealed with the row's id.
CREATE TABLE channel (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version BIGINT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN (
        'webhook', 'email', 'slack', 'discord', 'teams', 'telegram', 'pagerduty', 'ntfy',
        'gotify', 'pushover', 'matrix', 'twilio', 'sendgrid', 'ses', 'web_push'
    )),
    config TEXT NOT NULL,
    secrets BLOB,
    enabled BOOLEAN NOT NULL,
    -- Why the server disabled it by itself.
    disabled_because TEXT,
    fallback_id BLOB,
    template_id BLOB REFERENCES template (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Browsers that asked to be told. Their addresses are secrets.
CREATE TABLE push_subscription (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    digest BLOB NOT NULL UNIQUE,
    secrets BLOB NOT NULL,
    created_at BIGINT NOT NULL
);

-- What nobody was told of yet is composed anew.
UPDATE intent SET consumed_at = NULL
    WHERE seq IN (SELECT intent_seq FROM delivery WHERE state = 'due');
CREATE TABLE delivery_before AS SELECT * FROM delivery WHERE state = 'delivered';
DROP TABLE delivery;

-- What one or more intents became for one channel (NULL: the inboxes). The fence grows with each
-- claim: who completes a delivery with an older one has lost it to another. The number gives the order.
CREATE TABLE delivery (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    channel_id BLOB,
    -- Channels may go; what was sent stays, with the name of that time.
    channel_name TEXT,
    state TEXT NOT NULL CHECK (state IN ('due', 'delivered', 'dead', 'dropped')),
    attempts INTEGER NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT,
    next_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    reason TEXT,
    fallback_of BIGINT
);

CREATE INDEX delivery_due ON delivery (channel_id, seq) WHERE state = 'due';
CREATE INDEX delivery_channel ON delivery (channel_id, created_at);

CREATE TABLE delivery_intent (
    delivery_seq BIGINT NOT NULL REFERENCES delivery (seq) ON DELETE CASCADE,
    intent_seq BIGINT NOT NULL REFERENCES intent (seq) ON DELETE CASCADE,
    alert_id BLOB NOT NULL,
    PRIMARY KEY (delivery_seq, intent_seq)
);

CREATE INDEX delivery_intent_alert ON delivery_intent (alert_id, delivery_seq);
CREATE INDEX delivery_intent_intent ON delivery_intent (intent_seq);

CREATE TABLE delivery_attempt (
    delivery_seq BIGINT NOT NULL REFERENCES delivery (seq) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('delivered', 'failed', 'refused', 'gone')),
    status INTEGER,
    answer TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (delivery_seq, number)
);

INSERT INTO delivery (id, state, attempts, fence, next_at, changed_at, created_at, ended_at)
    SELECT d.id, 'delivered', d.attempts, d.fence, d.created_at, h.at, d.created_at, d.delivered_at
    FROM delivery_before d JOIN alert_history h ON h.seq = d.intent_seq
    ORDER BY d.intent_seq;
INSERT INTO delivery_intent (delivery_seq, intent_seq, alert_id)
    SELECT n.seq, d.intent_seq, i.alert_id
    FROM delivery_before d JOIN delivery n ON n.id = d.id JOIN intent i ON i.seq = d.intent_seq;
DROP TABLE delivery_before;
