-- How far each receiver of a remote write has taken what is stored.
CREATE TABLE forward (
    receiver TEXT NOT NULL PRIMARY KEY,
    -- The number of the last frame that it took, and the newest time among those.
    frame BIGINT NOT NULL,
    moment BIGINT NOT NULL,
    -- What it missed while its frames went into packs, as times; both or none.
    missed_from BIGINT,
    missed_to BIGINT
);
