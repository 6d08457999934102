-- What the server looked like when the alert fired, as deflated JSON.
CREATE TABLE alert_snapshot (
    alert_id BLOB NOT NULL PRIMARY KEY REFERENCES alert (id) ON DELETE CASCADE,
    body BLOB NOT NULL
);

-- Past alerts by the time of their end, for those that are old enough to go.
CREATE INDEX alert_resolved ON alert (resolved_at) WHERE state = 'resolved';
