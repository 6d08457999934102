-- Intents of which only inboxes know are kept; what waits for a channel is not known any more.
CREATE TABLE delivery_before AS
    SELECT d.id AS id, i.intent_seq AS intent_seq, d.state AS state, d.attempts AS attempts,
        d.fence AS fence, d.created_at AS created_at, d.ended_at AS delivered_at
    FROM delivery d JOIN delivery_intent i ON i.delivery_seq = d.seq
    WHERE d.channel_id IS NULL AND d.state IN ('due', 'delivered')
        AND i.intent_seq = (SELECT MIN(o.intent_seq) FROM delivery_intent o WHERE o.delivery_seq = d.seq);
DROP TABLE delivery_attempt;
DROP TABLE delivery_intent;
DROP TABLE delivery;

CREATE TABLE delivery (
    id BYTEA NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    intent_seq BIGINT NOT NULL REFERENCES intent (seq) ON DELETE CASCADE,
    channel TEXT COLLATE "C" NOT NULL CHECK (channel IN ('in_app')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('due', 'delivered')),
    attempts INTEGER NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT,
    UNIQUE (intent_seq, channel)
);

CREATE INDEX delivery_due ON delivery (intent_seq) WHERE state = 'due';
INSERT INTO delivery (id, intent_seq, channel, state, attempts, fence, created_at, delivered_at)
    SELECT id, intent_seq, 'in_app', state, attempts, fence, created_at, delivered_at FROM delivery_before;
DROP TABLE delivery_before;
DROP TABLE push_subscription;
DROP TABLE channel;
DROP TABLE template_version;
DROP TABLE template;
