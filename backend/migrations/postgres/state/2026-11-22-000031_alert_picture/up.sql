-- What the rule compared around the alert, as it was drawn a minute after it fired: a PNG file.
CREATE TABLE alert_picture (
    alert_id BYTEA NOT NULL PRIMARY KEY REFERENCES alert (id) ON DELETE CASCADE,
    png BYTEA NOT NULL,
    -- When it was drawn.
    at BIGINT NOT NULL
);
