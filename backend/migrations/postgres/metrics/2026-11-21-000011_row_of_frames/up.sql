-- What is written at once lies in one row, of however many servers: see `store/metrics/frame` for the
-- bytes. Of one frame a row the head is written anew, its values stay as they are.
ALTER TABLE frame ADD COLUMN frames BIGINT NOT NULL DEFAULT 1;
ALTER TABLE frame ALTER COLUMN frames DROP DEFAULT;
ALTER TABLE frame RENAME COLUMN at TO newest_at;
DELETE FROM frame WHERE substr(body, 1, 1) <> '\x01'::bytea;
UPDATE frame SET body = '\x0200000001'::bytea || server || int8send(newest_at)
    || substr(body, 5, 1) || substr(body, 4, 1) || substr(body, 3, 1) || substr(body, 2, 1)
    || int4send((length(body) - 5) / 8) || substr(body, 6);
ALTER TABLE frame DROP COLUMN server;
