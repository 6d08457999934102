DROP INDEX alert_resolved;
DROP TABLE alert_snapshot;
