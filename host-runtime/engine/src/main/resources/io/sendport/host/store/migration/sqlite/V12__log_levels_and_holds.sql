-- The levels that operators set for loggers of running instances, until a time.
CREATE TABLE log_level (
  logger TEXT    NOT NULL PRIMARY KEY,
  level  TEXT    NOT NULL,
  until  INTEGER NOT NULL,
  actor  TEXT    NOT NULL,
  reason TEXT    NOT NULL
) STRICT;

-- The levels that the instance applies now, as name=LEVEL separated by spaces; none: it takes no levels from here.
ALTER TABLE instance ADD COLUMN log_levels TEXT;

-- A message on hold: nothing deletes its content and rows.
ALTER TABLE message ADD COLUMN held     INTEGER;  -- 1: on hold; 0: released, retention looks at it again; none: neither
ALTER TABLE message ADD COLUMN held_at  INTEGER;
ALTER TABLE message ADD COLUMN held_by  TEXT;
ALTER TABLE message ADD COLUMN held_why TEXT;
CREATE INDEX message_held ON message (seq) WHERE held IS NOT NULL;

-- An earlier program would delete what is on hold.
UPDATE store_state SET schema_version = 12, min_program = 7;
