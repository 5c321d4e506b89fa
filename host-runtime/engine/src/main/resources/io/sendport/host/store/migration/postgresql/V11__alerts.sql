-- As for SQLite, in PostgreSQL's types.
-- Alerts about conditions. A condition without a row is quiet.
CREATE TABLE alert (
  kind      TEXT COLLATE "C" NOT NULL,
  subject   TEXT COLLATE "C" NOT NULL,              -- one port where the condition concerns several
  state     TEXT COLLATE "C" NOT NULL,              -- PENDING, ALERTED or RECOVERING
  since     BIGINT NOT NULL,                        -- of the state
  announced_at   BIGINT,                                 -- when the last message about it was made
  note      TEXT COLLATE "C" NOT NULL,              -- JSON: the condition as it was seen then
  PRIMARY KEY (kind, subject)
);

-- Messages that not every channel has taken yet.
CREATE TABLE alert_message (
  id        TEXT COLLATE "C" PRIMARY KEY,
  type      TEXT COLLATE "C" NOT NULL,              -- FIRING, RECOVERED or REMINDER
  at        BIGINT NOT NULL,
  notes     TEXT COLLATE "C" NOT NULL               -- JSON: the conditions
);

-- The channels that have not taken a message yet.
CREATE TABLE alert_delivery (
  message   TEXT COLLATE "C" NOT NULL,
  channel   TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (message, channel)
);

-- Channels that fail.
CREATE TABLE alert_channel (
  name      TEXT COLLATE "C" PRIMARY KEY,
  since     BIGINT NOT NULL,
  tries     BIGINT NOT NULL,
  next_at   BIGINT NOT NULL,
  error     TEXT COLLATE "C" NOT NULL
);

-- The process that speaks: one at a time.
CREATE TABLE alert_speaker (
  id        INT PRIMARY KEY CHECK (id = 1),
  owner     TEXT COLLATE "C" NOT NULL,
  until     BIGINT NOT NULL
);
INSERT INTO alert_speaker (id, owner, until) VALUES (1, '', 0);

-- Who writes under an earlier version keeps what it may do; new tables need the same rights.
DO $$
DECLARE grantee_name text;
BEGIN
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'UPDATE'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON alert, alert_message, alert_delivery, alert_channel,'
      ' alert_speaker TO %s', CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'message' AND privilege_type = 'SELECT'
      AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT SELECT ON alert, alert_message, alert_delivery, alert_channel, alert_speaker TO %s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
END $$;

-- An earlier program neither reads nor writes these, and may go on beside them. Only its day report fails on a day with a record of the new kind ALERTED.
UPDATE store_state SET schema_version = 11;
