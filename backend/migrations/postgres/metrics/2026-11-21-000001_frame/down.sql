DROP TABLE processes;
DROP TABLE frame;
DROP TABLE layout;
DROP TABLE series;
DROP FUNCTION digest_of;
