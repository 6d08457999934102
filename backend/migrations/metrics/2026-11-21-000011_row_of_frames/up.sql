-- What is written at once lies in one row, of however many servers: a row a server and second was most
-- of the work of storing. See `store/metrics/frame` for the bytes.
CREATE TABLE frame_together (
    -- The number of its last frame; the others have those before it.
    id INTEGER NOT NULL PRIMARY KEY,
    frames BIGINT NOT NULL,
    newest_at BIGINT NOT NULL,
    body BLOB NOT NULL
);
-- One frame a row: its head is written anew, its values stay as they are.
INSERT INTO frame_together (id, frames, newest_at, body)
SELECT id, 1, at, CAST(
    x'0200000001' || server || unhex(printf('%016X', at))
    || substr(body, 5, 1) || substr(body, 4, 1) || substr(body, 3, 1) || substr(body, 2, 1)
    || unhex(printf('%08X', (length(body) - 5) / 8))
    || substr(body, 6) AS BLOB)
FROM frame WHERE substr(body, 1, 1) = x'01' ORDER BY id;
DROP TABLE frame;
ALTER TABLE frame_together RENAME TO frame;
