-- Silences, maintenance windows, inhibitions, routes, escalation policies and on-call schedules, as
-- people wrote them.
CREATE TABLE alerting_document (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('silence', 'window', 'inhibition', 'route', 'policy', 'schedule')),
    version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    -- From when on it says nothing any more; null: never.
    ends_at BIGINT,
    created_by BLOB,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX alerting_document_kind ON alerting_document (kind, id);

-- By whom an intent is held back, while it is.
ALTER TABLE intent ADD COLUMN held_by TEXT;

CREATE INDEX intent_held ON intent (seq) WHERE consumed_at IS NULL AND held_by IS NOT NULL;
CREATE INDEX intent_of_alert ON intent (alert_id, seq);

-- What fires is asked for in each turn of the outbox.
CREATE INDEX alert_state ON alert (state, metric);

-- Why somebody was, or was not, told: every decision about an intent, in its order.
CREATE TABLE intent_trace (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    intent_seq BIGINT NOT NULL REFERENCES intent (seq) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('hold', 'route', 'group', 'rate', 'preference', 'escalation')),
    outcome TEXT NOT NULL CHECK (outcome IN ('told', 'held', 'dropped')),
    -- What a person reads, and the objects that decided.
    reason TEXT NOT NULL,
    objects TEXT NOT NULL
);

CREATE INDEX intent_trace_intent ON intent_trace (intent_seq, id);

-- What was composed before nobody could hold back.
INSERT INTO intent_trace (intent_seq, at, step, outcome, reason, objects)
SELECT seq, consumed_at, 'hold', 'told', 'Nobody holds it back.', '[]' FROM intent WHERE consumed_at IS NOT NULL ORDER BY seq;
