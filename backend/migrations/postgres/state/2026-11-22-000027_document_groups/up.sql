-- The groups that the last one who wrote it is limited to, as JSON: of other servers it says nothing. Empty: of all.
ALTER TABLE alerting_document ADD COLUMN server_groups TEXT COLLATE "C" NOT NULL DEFAULT '[]';
