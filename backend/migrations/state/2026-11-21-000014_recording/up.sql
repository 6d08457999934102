-- The flight recorder: what a server did in ten minutes around which an alert of it fired. Several alerts share one.
CREATE TABLE recording (
    server_id BLOB NOT NULL,
    slot BIGINT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (server_id, slot)
);

-- What fired of late, whose ten minutes are to be kept.
CREATE INDEX alert_history_fired ON alert_history (at) WHERE change = 'fired';
