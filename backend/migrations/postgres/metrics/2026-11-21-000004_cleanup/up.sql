-- How far the last clean-up went: the next one goes on from there, whatever the clock says.
CREATE TABLE cleanup (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    samples_before BIGINT NOT NULL
);
