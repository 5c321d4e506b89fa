-- The first attempt at a message with one delivery, and that delivery. Rows of delivery and attempt take their place when it does not end
-- the message. None: there was no attempt, or it is in rows.
ALTER TABLE message ADD COLUMN first_started_at   BIGINT;
ALTER TABLE message ADD COLUMN first_ended_at     BIGINT;  -- none: open, or the process died
ALTER TABLE message ADD COLUMN first_instance     TEXT COLLATE "C";
ALTER TABLE message ADD COLUMN first_components   TEXT COLLATE "C";
ALTER TABLE message ADD COLUMN first_result       TEXT COLLATE "C";
ALTER TABLE message ADD COLUMN first_sender       TEXT COLLATE "C";
ALTER TABLE message ADD COLUMN first_recipients   TEXT COLLATE "C";
ALTER TABLE message ADD COLUMN first_handling     TEXT COLLATE "C";
ALTER TABLE message ADD COLUMN first_transparency TEXT COLLATE "C";
ALTER TABLE message ADD COLUMN first_sha256       TEXT COLLATE "C";
ALTER TABLE message ADD COLUMN first_size         BIGINT;

-- An earlier program would not see that such an attempt is open, and send the message again.
UPDATE store_state SET schema_version = 13, min_program = 8;
