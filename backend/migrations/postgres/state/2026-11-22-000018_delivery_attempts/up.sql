-- Those before somebody had it tried again.
ALTER TABLE delivery ADD COLUMN attempts_before INTEGER NOT NULL DEFAULT 0;
CREATE INDEX delivery_next ON delivery (next_at) WHERE state = 'due';
