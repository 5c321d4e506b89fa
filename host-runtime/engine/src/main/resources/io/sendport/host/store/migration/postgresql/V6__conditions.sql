-- As for SQLite, in PostgreSQL's types.
-- What each instance says that operators should know of. Rows of an instance that is dead count for nothing.
CREATE TABLE condition (
  instance TEXT COLLATE "C"    NOT NULL,
  kind     TEXT COLLATE "C"    NOT NULL,
  subject  TEXT COLLATE "C"    NOT NULL,
  severity TEXT COLLATE "C"    NOT NULL,
  since    BIGINT NOT NULL,
  count    BIGINT NOT NULL,
  detail   TEXT COLLATE "C"    NOT NULL,
  until    BIGINT,
  ports    TEXT COLLATE "C"    NOT NULL,               -- JSON: names
  PRIMARY KEY (instance, kind, subject)
);

-- At which step messages are that an instance has had in hand for some seconds.
CREATE TABLE step (
  instance TEXT COLLATE "C"    NOT NULL,
  message  TEXT COLLATE "C"    NOT NULL,
  port     TEXT COLLATE "C"    NOT NULL,
  what     TEXT COLLATE "C"    NOT NULL,
  since    BIGINT NOT NULL,
  PRIMARY KEY (instance, message)
);

-- What each instance delivered lately, by port.
CREATE TABLE activity (
  instance    TEXT COLLATE "C"    NOT NULL,
  port        TEXT COLLATE "C"    NOT NULL,
  last_minute BIGINT NOT NULL,            -- messages delivered in the minute before the row was written
  last_at     BIGINT NOT NULL,            -- the last of all
  PRIMARY KEY (instance, port)
);

-- Messages delivered in an hour, by the number of hours since 1970, UTC.
CREATE TABLE port_hour (
  port TEXT COLLATE "C"    NOT NULL,
  hour BIGINT NOT NULL,
  sent BIGINT NOT NULL,
  PRIMARY KEY (port, hour)
);

-- A dedupe key is that of its submitter, and of what was submitted under it; both are unknown of keys of earlier versions.
ALTER TABLE dedupe ADD COLUMN submitter TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE dedupe ADD COLUMN content TEXT COLLATE "C" NOT NULL DEFAULT '';   -- SHA-256 over the bodies of all parts
ALTER TABLE dedupe DROP CONSTRAINT dedupe_pkey;
ALTER TABLE dedupe ADD PRIMARY KEY (port, submitter, key);

-- Who writes under an earlier version keeps what it may do; new tables need the same rights.
DO $$
DECLARE grantee_name text;
BEGIN
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'UPDATE'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON condition, step, activity, port_hour TO %s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'SELECT'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT ON condition, step, activity, port_hour TO %s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
END $$;

UPDATE store_state SET schema_version = 6, min_program = 6;
