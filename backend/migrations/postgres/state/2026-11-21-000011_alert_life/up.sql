-- Who looks after an alert, and whether it changes too often to be told each time.
ALTER TABLE alert ADD COLUMN assignee BYTEA;
ALTER TABLE alert ADD COLUMN flapping BOOLEAN NOT NULL DEFAULT FALSE;

-- To whom a step gave the alert; whether nobody was told of the step.
ALTER TABLE alert_history ADD COLUMN assignee BYTEA;
ALTER TABLE alert_history ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;

-- A page of what one person looks after, or of a stretch of time.
CREATE INDEX alert_assignee ON alert (assignee, id) WHERE assignee IS NOT NULL;
CREATE INDEX alert_started ON alert (started_at);
