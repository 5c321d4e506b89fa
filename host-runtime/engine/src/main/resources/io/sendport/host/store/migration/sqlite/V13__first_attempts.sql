-- The first attempt at a message with one delivery, and that delivery. Rows of delivery and attempt take their place when it does not end
-- the message. None: there was no attempt, or it is in rows.
ALTER TABLE message ADD COLUMN first_started_at   INTEGER;
ALTER TABLE message ADD COLUMN first_ended_at     INTEGER;  -- none: open, or the process died
ALTER TABLE message ADD COLUMN first_instance     TEXT;
ALTER TABLE message ADD COLUMN first_components   TEXT;
ALTER TABLE message ADD COLUMN first_result       TEXT;
ALTER TABLE message ADD COLUMN first_sender       TEXT;
ALTER TABLE message ADD COLUMN first_recipients   TEXT;
ALTER TABLE message ADD COLUMN first_handling     TEXT;
ALTER TABLE message ADD COLUMN first_transparency TEXT;
ALTER TABLE message ADD COLUMN first_sha256       TEXT;
ALTER TABLE message ADD COLUMN first_size         INTEGER;

-- An earlier program would not see that such an attempt is open, and send the message again.
UPDATE store_state SET schema_version = 13, min_program = 8;
