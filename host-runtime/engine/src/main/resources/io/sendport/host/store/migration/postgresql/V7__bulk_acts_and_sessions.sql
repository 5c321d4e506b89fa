-- As for SQLite, in PostgreSQL's types.
-- An act upon all messages that a filter found: what it was counted for, and how far it is.
CREATE TABLE bulk_act (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  acts        TEXT COLLATE "C" NOT NULL,            -- words, divided by commas
  filter      TEXT COLLATE "C" NOT NULL,            -- as the person gave it; shown, never read again
  actor       TEXT COLLATE "C" NOT NULL,
  reason      TEXT COLLATE "C" NOT NULL,
  authority   TEXT COLLATE "C" NOT NULL,            -- what the right to it rests on, and is looked at again
  confirm     TEXT COLLATE "C" NOT NULL,            -- SHA-256 of what confirms it
  state       TEXT COLLATE "C" NOT NULL,            -- COUNTED, RUNNING, DONE, STOPPED
  counted_at  BIGINT NOT NULL,
  total       BIGINT NOT NULL,
  done        BIGINT NOT NULL DEFAULT 0,
  changed     BIGINT NOT NULL DEFAULT 0,  -- not acted upon: changed since it was counted
  refused     BIGINT NOT NULL DEFAULT 0,  -- not acted upon: its state, or the actor's rights, did not allow it
  lease_owner TEXT COLLATE "C" NOT NULL DEFAULT '',
  lease_until BIGINT NOT NULL DEFAULT 0,
  ended_at    BIGINT,
  why         TEXT COLLATE "C" NOT NULL DEFAULT ''
);

-- The messages that were counted, as they were then. A row goes once it was acted upon.
CREATE TABLE bulk_item (
  act   TEXT COLLATE "C" NOT NULL,
  seq   BIGINT NOT NULL,
  steps BIGINT NOT NULL,
  PRIMARY KEY (act, seq)
);

-- Who is logged on to the console: links that were not used yet, and sessions. Secrets are there as SHA-256 alone.
CREATE TABLE console_session (
  hash       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  kind       TEXT COLLATE "C" NOT NULL,            -- LINK, SESSION
  name       TEXT COLLATE "C" NOT NULL,
  grants     TEXT COLLATE "C" NOT NULL,
  made_at    BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

-- Who writes under an earlier version keeps what it may do; new tables need the same rights.
DO $$
DECLARE grantee_name text;
BEGIN
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'UPDATE'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON bulk_act, bulk_item, console_session TO %s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'SELECT'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT ON bulk_act, bulk_item, console_session TO %s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
END $$;

-- An earlier program neither reads nor writes these, and may go on beside them.
UPDATE store_state SET schema_version = 7;
