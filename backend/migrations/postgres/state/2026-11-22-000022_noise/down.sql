DROP TABLE intent_trace;
DROP INDEX alert_state;
DROP INDEX intent_of_alert;
DROP INDEX intent_held;
ALTER TABLE intent DROP COLUMN held_by;
DROP TABLE alerting_document;
