-- What a channel is told later: with its group, after a person's quiet hours, or once more (again).
CREATE TABLE notice (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    channel_id BLOB NOT NULL CHECK (length(channel_id) = 16),
    group_key TEXT NOT NULL,
    intent_seq BIGINT NOT NULL REFERENCES intent (seq) ON DELETE CASCADE,
    alert_id BLOB NOT NULL,
    due_at BIGINT NOT NULL,
    -- What still fires is told again after so long; 0: never.
    repeat_seconds INTEGER NOT NULL,
    again BOOLEAN NOT NULL,
    -- While it fires it goes with whatever else its group tells.
    grouped BOOLEAN NOT NULL
);

CREATE INDEX notice_due ON notice (due_at);
CREATE INDEX notice_of_group ON notice (channel_id, group_key, due_at);
CREATE INDEX notice_intent ON notice (intent_seq);

-- When a group was last told to a channel.
CREATE TABLE notice_group (
    channel_id BLOB NOT NULL CHECK (length(channel_id) = 16),
    group_key TEXT NOT NULL,
    told_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, group_key)
);

-- The next step of each escalation; one that was told or cancelled has ended.
CREATE TABLE escalation (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    alert_id BLOB NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    intent_seq BIGINT NOT NULL REFERENCES intent (seq) ON DELETE CASCADE,
    policy_id BLOB NOT NULL,
    step INTEGER NOT NULL,
    round INTEGER NOT NULL,
    due_at BIGINT NOT NULL,
    ended_at BIGINT,
    told BOOLEAN NOT NULL
);

CREATE INDEX escalation_due ON escalation (due_at) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX escalation_open ON escalation (alert_id, policy_id) WHERE ended_at IS NULL;
CREATE INDEX escalation_intent ON escalation (intent_seq);

-- How one person wants to be told.
CREATE TABLE notification_preference (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES "user" (id) ON DELETE CASCADE,
    definition TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
