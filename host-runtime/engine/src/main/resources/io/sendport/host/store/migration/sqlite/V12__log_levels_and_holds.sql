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

UPDATE store_state SET schema_version = 12;
