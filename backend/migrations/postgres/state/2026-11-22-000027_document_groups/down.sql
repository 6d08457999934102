ALTER TABLE alerting_document DROP COLUMN server_groups;
