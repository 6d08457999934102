DROP INDEX alert_started;
DROP INDEX alert_assignee;
ALTER TABLE alert_history DROP COLUMN held;
ALTER TABLE alert_history DROP COLUMN assignee;
ALTER TABLE alert DROP COLUMN flapping;
ALTER TABLE alert DROP COLUMN assignee;
