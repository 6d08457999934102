-- What each hour of a series came down to; kept longer than the samples.
CREATE TABLE aggregate (
    series BIGINT NOT NULL,
    -- Hours since the epoch.
    hour BIGINT NOT NULL,
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
    PRIMARY KEY (series, hour)
);
