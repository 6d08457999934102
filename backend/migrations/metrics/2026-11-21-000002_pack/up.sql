-- Samples of many series of one server, packed: see `store/metrics/pack`. Frames lie in `frame`
-- only until their window is packed.
CREATE TABLE pack (
    id INTEGER NOT NULL PRIMARY KEY,
    server BLOB NOT NULL CHECK (length(server) = 16),
    -- Packs of a sealed hour are replaced as a whole; those of a window lie above them until then.
    span TEXT NOT NULL CHECK (span IN ('window', 'hour')),
    -- The first and the last time of a sample in it.
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    -- The lowest and the highest number of its series.
    first_series BIGINT NOT NULL,
    last_series BIGINT NOT NULL,
    samples BIGINT NOT NULL,
    body BLOB NOT NULL
);

CREATE INDEX pack_server_first_at ON pack (server, first_at);
-- What is not sealed yet is looked for every few seconds, among all that is.
CREATE INDEX pack_span ON pack (span, server, first_at);
