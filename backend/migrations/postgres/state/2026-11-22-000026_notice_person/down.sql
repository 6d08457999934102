DROP INDEX escalation_held;
DROP INDEX escalation_alert;
DROP INDEX notice_held;
DROP INDEX notice_alert;
ALTER TABLE delivery DROP COLUMN person_id;
ALTER TABLE notice DROP COLUMN person_id;
ALTER TABLE escalation DROP COLUMN held;
ALTER TABLE notice DROP COLUMN held;
