-- Where an application leaves submissions within its own transaction, until a host admits them: docs/outbox.md is the contract.
-- A row is hostile input: what the constraints do not refuse, the host that admits it does.
CREATE TABLE submission (
  id              UUID PRIMARY KEY,              -- made by the application; the message has the same
  no              BIGINT GENERATED ALWAYS AS IDENTITY,
  port            TEXT COLLATE "C" NOT NULL DEFAULT '' CHECK (length(port) <= 200),  -- or group; '': all that subscribe
  properties      TEXT COLLATE "C" NOT NULL DEFAULT '{}' CHECK (octet_length(properties) <= 262144),  -- a JSON object
  dedupe_key      TEXT COLLATE "C" CHECK (length(dedupe_key) BETWEEN 1 AND 200),
  content_type    TEXT COLLATE "C" NOT NULL DEFAULT '' CHECK (length(content_type) <= 1000),
  file_name       TEXT COLLATE "C" CHECK (length(file_name) BETWEEN 1 AND 255),
  body            BYTEA CHECK (octet_length(body) <= 1048576),                       -- NULL: in submission_chunk
  part_properties TEXT COLLATE "C" NOT NULL DEFAULT '{}' CHECK (octet_length(part_properties) <= 16384),
  submitted_by    TEXT COLLATE "C" NOT NULL DEFAULT session_user,
  submitted_at    TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
  refusal         TEXT COLLATE "C"               -- why a host refused it; it stays until somebody deletes it or clears this
);
CREATE UNIQUE INDEX submission_waiting ON submission (no) WHERE refusal IS NULL;
CREATE INDEX submission_refused ON submission (no) WHERE refusal IS NOT NULL;

-- Attachments.
CREATE TABLE submission_part (
  submission      UUID NOT NULL REFERENCES submission (id) ON DELETE CASCADE,
  no              INT NOT NULL CHECK (no BETWEEN 1 AND 999),                         -- 0 is the body
  content_type    TEXT COLLATE "C" NOT NULL DEFAULT '' CHECK (length(content_type) <= 1000),
  file_name       TEXT COLLATE "C" CHECK (length(file_name) BETWEEN 1 AND 255),
  body            BYTEA CHECK (octet_length(body) <= 1048576),
  part_properties TEXT COLLATE "C" NOT NULL DEFAULT '{}' CHECK (octet_length(part_properties) <= 16384),
  PRIMARY KEY (submission, no)
);

-- Bodies of more than a megabyte, from chunk 0 on without a gap.
CREATE TABLE submission_chunk (
  submission UUID NOT NULL REFERENCES submission (id) ON DELETE CASCADE,
  part       INT NOT NULL CHECK (part BETWEEN 0 AND 999),
  no         INT NOT NULL CHECK (no >= 0),
  bytes      BYTEA NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
  PRIMARY KEY (submission, part, no)
);

-- Which role may submit to which ports; * in a pattern stands for any text.
CREATE TABLE submission_grant (
  role TEXT COLLATE "C" NOT NULL,
  port TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (role, port)
);

-- What a submission was admitted as, where its dedupe key was known already.
CREATE TABLE submission_duplicate (
  id      UUID PRIMARY KEY,
  message TEXT COLLATE "C" NOT NULL,
  at      BIGINT NOT NULL
);

-- The process that admits: one at a time, so that what one producer commits in turn keeps its order.
CREATE TABLE submission_admitter (
  id    INT PRIMARY KEY CHECK (id = 1),
  owner TEXT COLLATE "C" NOT NULL,
  until TIMESTAMPTZ NOT NULL
);
INSERT INTO submission_admitter (id, owner, until) VALUES (1, '', clock_timestamp());

-- What became of a submission. Whoever made it asks with the id, which nobody else knows; roles need no right to read any table.
CREATE FUNCTION submission_answer(wanted UUID)
  RETURNS TABLE (answer TEXT, message TEXT, detail TEXT)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
AS $$
  SELECT CASE WHEN s.refusal IS NULL THEN 'stored' ELSE 'refused' END, s.id::text, coalesce(s.refusal, '')
    FROM submission s WHERE s.id = wanted AND s.submitted_by = session_user
  UNION ALL
  SELECT 'admitted', m.id, CASE m.state WHEN 'IN_DOUBT' THEN 'inDoubt' ELSE lower(m.state) END FROM message m WHERE m.id = wanted::text
  UNION ALL
  SELECT 'duplicate', d.message, '' FROM submission_duplicate d WHERE d.id = wanted
$$;
REVOKE ALL ON FUNCTION submission_answer(UUID) FROM PUBLIC;

-- Who writes under an earlier version keeps what it may do; new tables need the same rights.
DO $$
DECLARE grantee_name text;
BEGIN
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'UPDATE'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON submission, submission_part, submission_chunk, submission_duplicate,'
      ' submission_admitter TO %1$s; GRANT SELECT ON submission_grant TO %1$s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
END $$;

-- An earlier program neither reads nor writes these, and may go on beside them.
UPDATE store_state SET schema_version = 9;
