-- What each instance says that operators should know of. Rows of an instance that is dead count for nothing.
CREATE TABLE condition (
  instance TEXT    NOT NULL,
  kind     TEXT    NOT NULL,
  subject  TEXT    NOT NULL,
  severity TEXT    NOT NULL,
  since    INTEGER NOT NULL,
  count    INTEGER NOT NULL,
  detail   TEXT    NOT NULL,
  until    INTEGER,
  ports    TEXT    NOT NULL,               -- JSON: names
  PRIMARY KEY (instance, kind, subject)
) WITHOUT ROWID;

-- At which step messages are that an instance has had in hand for some seconds.
CREATE TABLE step (
  instance TEXT    NOT NULL,
  message  TEXT    NOT NULL,
  port     TEXT    NOT NULL,
  what     TEXT    NOT NULL,
  since    INTEGER NOT NULL,
  PRIMARY KEY (instance, message)
) WITHOUT ROWID;

-- What each instance delivered lately, by port.
CREATE TABLE activity (
  instance    TEXT    NOT NULL,
  port        TEXT    NOT NULL,
  last_minute INTEGER NOT NULL,            -- messages delivered in the minute before the row was written
  last_at     INTEGER NOT NULL,            -- the last of all
  PRIMARY KEY (instance, port)
) WITHOUT ROWID;

-- Messages delivered in an hour, by the number of hours since 1970, UTC.
CREATE TABLE port_hour (
  port TEXT    NOT NULL,
  hour INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  PRIMARY KEY (port, hour)
) WITHOUT ROWID;

-- A dedupe key is that of its submitter, and of what was submitted under it; both are unknown of keys of earlier versions.
CREATE TABLE dedupe_of_submitter (
  port      TEXT    NOT NULL,
  submitter TEXT    NOT NULL DEFAULT '',
  key       TEXT    NOT NULL,
  id        TEXT    NOT NULL,
  until     INTEGER NOT NULL,
  content   TEXT    NOT NULL DEFAULT '',   -- SHA-256 over the bodies of all parts
  PRIMARY KEY (port, submitter, key)
);
INSERT INTO dedupe_of_submitter (port, key, id, until) SELECT port, key, id, until FROM dedupe;
DROP TABLE dedupe;
ALTER TABLE dedupe_of_submitter RENAME TO dedupe;
CREATE INDEX dedupe_until ON dedupe (until);

UPDATE store_state SET schema_version = 6, min_program = 6;
