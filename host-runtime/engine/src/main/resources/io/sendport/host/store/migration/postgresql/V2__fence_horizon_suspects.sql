-- As for SQLite, in PostgreSQL's types.
CREATE TABLE store_state (
  id             BIGINT PRIMARY KEY CHECK (id = 1),
  schema_version BIGINT NOT NULL,
  min_program    BIGINT NOT NULL,              -- an older program neither claims nor submits: it drains and ends
  horizon        BIGINT,                       -- record time up to which retention counts; none before the first upkeep
  lost           TEXT COLLATE "C",              -- what the database lost of what it had acknowledged, until a person accepts that
  lost_seq       BIGINT                 -- the newest message at that time: those behind it came later
);
INSERT INTO store_state (id, schema_version, min_program, horizon)
VALUES (1, 2, 2, (SELECT max(at) FROM audit_record WHERE at <= (extract(epoch FROM now()) * 1000)::bigint));

ALTER TABLE instance ADD COLUMN program BIGINT NOT NULL DEFAULT 1;

-- Messages that were in a pipeline when a process died: each runs alone before others (queued = 2 in message).
CREATE TABLE suspect (
  message_seq BIGINT PRIMARY KEY,
  deaths      BIGINT NOT NULL,                 -- of processes that had no other message in a pipeline
  stage       TEXT COLLATE "C" NOT NULL,
  component   TEXT COLLATE "C" NOT NULL
);
CREATE INDEX message_suspect ON message (port, seq) WHERE queued = 2;

CREATE INDEX dedupe_until ON dedupe (until);

-- The number before: what a statement reads beside its own row is older than that row, where it had to wait for it.
ALTER TABLE writer ADD COLUMN previous BIGINT NOT NULL DEFAULT -1;

-- Who writes under an earlier version keeps what it may do; new tables need the same rights.
DO $$
DECLARE grantee_name text;
BEGIN
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'UPDATE'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON store_state, suspect TO %s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'SELECT'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT ON store_state, suspect TO %s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
END $$;
