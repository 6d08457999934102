-- What each day (UTC) of a series came down to: its hours merged.
CREATE TABLE aggregate_day (
    series BIGINT NOT NULL,
    -- Days since the epoch.
    day BIGINT NOT NULL,
    count BIGINT NOT NULL,
    min DOUBLE NOT NULL,
    max DOUBLE NOT NULL,
    mean DOUBLE NOT NULL,
    m2 DOUBLE NOT NULL,
    first DOUBLE NOT NULL,
    last DOUBLE NOT NULL,
    increase DOUBLE NOT NULL,
    median DOUBLE NOT NULL,
    sketch BLOB NOT NULL,
    PRIMARY KEY (series, day)
) WITHOUT ROWID;

-- Days whose hours are not merged yet, or were sealed again since.
CREATE TABLE stale_day (
    server BLOB NOT NULL CHECK (length(server) = 16),
    day BIGINT NOT NULL,
    -- How often one of its hours was sealed: a merge that was overtaken does not count.
    seals BIGINT NOT NULL,
    PRIMARY KEY (server, day)
) WITHOUT ROWID;

INSERT INTO stale_day (server, day, seals)
SELECT DISTINCT series.server, aggregate.hour / 24, 1
FROM aggregate JOIN series ON series.id = aggregate.series;

-- How many samples a question would read is told by the index alone: the rows are large.
CREATE INDEX pack_reach ON pack (server, first_at, last_at, first_series, last_series, samples);
DROP INDEX pack_server_first_at;
