ALTER TABLE alert_history DROP CONSTRAINT alert_history_change_check;
ALTER TABLE alert_history ADD CONSTRAINT alert_history_change_check CHECK (change IN ('fired', 'escalated', 'deescalated', 'acknowledged', 'resolved', 'commented', 'assigned', 'flapping', 'calmed'));
