-- Held back: due when that ends, or earlier when somebody changes what holds it back.
ALTER TABLE notice ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE escalation ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;

-- The person for whom alone a channel is told; null: it is told for itself.
ALTER TABLE notice ADD COLUMN person_id BYTEA CHECK (length(person_id) = 16);
ALTER TABLE delivery ADD COLUMN person_id BYTEA CHECK (length(person_id) = 16);

CREATE INDEX notice_alert ON notice (alert_id);
CREATE INDEX notice_held ON notice (id) WHERE held;
CREATE INDEX escalation_alert ON escalation (alert_id, policy_id);
CREATE INDEX escalation_held ON escalation (id) WHERE held AND ended_at IS NULL;
