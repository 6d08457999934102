DROP INDEX pack_first_at_bytes;
ALTER TABLE pack DROP COLUMN bytes;
DROP INDEX processes_at_bytes;
ALTER TABLE processes DROP COLUMN bytes;
DROP TABLE process_pack;
