-- Only what lies in no pack yet is lost: `watchpost db aggregate` packs it before.
DELETE FROM frame;
ALTER TABLE frame DROP COLUMN frames;
ALTER TABLE frame RENAME COLUMN newest_at TO at;
ALTER TABLE frame ADD COLUMN server BYTEA NOT NULL CHECK (length(server) = 16);
