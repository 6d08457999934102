-- A rule as it was when something was decided by it.
CREATE TABLE rule_version (
    rule_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (rule_id, version)
);

-- What moved the state of a rule, and to what: enough to evaluate it again. The step that was written of it, if one was.
CREATE TABLE decision (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    alert_id BLOB NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    seq BIGINT,
    at BIGINT NOT NULL,
    rule_id BLOB NOT NULL,
    rule_version INTEGER NOT NULL,
    input TEXT NOT NULL,
    outcome TEXT NOT NULL
);

CREATE INDEX decision_alert ON decision (alert_id, id);
CREATE INDEX decision_rule ON decision (rule_id, rule_version);
