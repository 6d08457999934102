DROP INDEX alert_history_fired;
DROP TABLE recording;
