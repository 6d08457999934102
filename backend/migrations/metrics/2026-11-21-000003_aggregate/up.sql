-- What each hour of a series came down to; kept longer than the samples.
CREATE TABLE aggregate (
    series BIGINT NOT NULL,
    -- Hours since the epoch.
    hour BIGINT NOT NULL,
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
    PRIMARY KEY (series, hour)
) WITHOUT ROWID;
