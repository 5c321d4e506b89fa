-- The levels that operators set for loggers of running instances, until a time.
CREATE TABLE log_level (
  logger TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  level  TEXT COLLATE "C" NOT NULL,
  until  BIGINT NOT NULL,
  actor  TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL
);

-- The levels that the instance applies now, as name=LEVEL separated by spaces; none: it takes no levels from here.
ALTER TABLE instance ADD COLUMN log_levels TEXT COLLATE "C";

-- Who writes under an earlier version keeps what it may do; new tables need the same rights.
DO $$
DECLARE grantee_name text;
BEGIN
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'UPDATE'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON log_level TO %s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'SELECT'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT ON log_level TO %s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
END $$;

-- A message on hold: nothing deletes its content and rows.
ALTER TABLE message ADD COLUMN held     BIGINT;  -- 1: on hold; 0: released, retention looks at it again; none: neither
ALTER TABLE message ADD COLUMN held_at  BIGINT;
ALTER TABLE message ADD COLUMN held_by  TEXT COLLATE "C";
ALTER TABLE message ADD COLUMN held_why TEXT COLLATE "C";
CREATE INDEX message_held ON message (seq) WHERE held IS NOT NULL;

-- An earlier program would delete what is on hold.
UPDATE store_state SET schema_version = 12, min_program = 7;
