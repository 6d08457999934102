-- What the earlier form has no word for goes, with what was to be told of it.
DELETE FROM alert_history WHERE change IN ('commented', 'assigned', 'flapping', 'calmed');
ALTER TABLE alert_history DROP CONSTRAINT alert_history_change_check;
ALTER TABLE alert_history ADD CONSTRAINT alert_history_change_check CHECK (change IN ('fired', 'escalated', 'deescalated', 'acknowledged', 'resolved'));
