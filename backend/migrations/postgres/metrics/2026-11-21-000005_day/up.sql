-- What each day (UTC) of a series came down to: its hours merged.
CREATE TABLE aggregate_day (
    series BIGINT NOT NULL,
    -- Days since the epoch.
    day BIGINT NOT NULL,
    count BIGINT NOT NULL,
    min DOUBLE PRECISION NOT NULL,
    max DOUBLE PRECISION NOT NULL,
    mean DOUBLE PRECISION NOT NULL,
    m2 DOUBLE PRECISION NOT NULL,
    first DOUBLE PRECISION NOT NULL,
    last DOUBLE PRECISION NOT NULL,
    increase DOUBLE PRECISION NOT NULL,
    median DOUBLE PRECISION NOT NULL,
    sketch BYTEA NOT NULL,
    PRIMARY KEY (series, day)
);

-- Days whose hours are not merged yet, or were sealed again since.
CREATE TABLE stale_day (
    server BYTEA NOT NULL CHECK (length(server) = 16),
    day BIGINT NOT NULL,
    -- How often one of its hours was sealed: a merge that was overtaken does not count.
    seals BIGINT NOT NULL,
    PRIMARY KEY (server, day)
);

INSERT INTO stale_day (server, day, seals)
SELECT DISTINCT series.server, aggregate.hour / 24, 1
FROM aggregate JOIN series ON series.id = aggregate.series;

-- How many samples a question would read is told by the index alone: the rows are large.
CREATE INDEX pack_reach ON pack (server, first_at, last_at, first_series, last_series, samples);
DROP INDEX pack_server_first_at;
