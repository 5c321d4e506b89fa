-- An act upon all messages that a filter found: what it was counted for, and how far it is.
CREATE TABLE bulk_act (
  id          TEXT    NOT NULL PRIMARY KEY,
  acts        TEXT    NOT NULL,            -- words, divided by commas
  filter      TEXT    NOT NULL,            -- as the person gave it; shown, never read again
  actor       TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  authority   TEXT    NOT NULL,            -- what the right to it rests on, and is looked at again
  confirm     TEXT    NOT NULL,            -- SHA-256 of what confirms it
  state       TEXT    NOT NULL,            -- COUNTED, RUNNING, DONE, STOPPED
  counted_at  INTEGER NOT NULL,
  total       INTEGER NOT NULL,
  done        INTEGER NOT NULL DEFAULT 0,
  changed     INTEGER NOT NULL DEFAULT 0,  -- not acted upon: changed since it was counted
  refused     INTEGER NOT NULL DEFAULT 0,  -- not acted upon: its state, or the actor's rights, did not allow it
  lease_owner TEXT    NOT NULL DEFAULT '',
  lease_until INTEGER NOT NULL DEFAULT 0,
  ended_at    INTEGER,
  why         TEXT    NOT NULL DEFAULT ''
);

-- The messages that were counted, as they were then. A row goes once it was acted upon.
CREATE TABLE bulk_item (
  act   TEXT    NOT NULL,
  seq   INTEGER NOT NULL,
  steps INTEGER NOT NULL,
  PRIMARY KEY (act, seq)
) WITHOUT ROWID;

-- Who is logged on to the console: links that were not used yet, and sessions. Secrets are there as SHA-256 alone.
CREATE TABLE console_session (
  hash       TEXT    NOT NULL PRIMARY KEY,
  kind       TEXT    NOT NULL,            -- LINK, SESSION
  name       TEXT    NOT NULL,
  grants     TEXT    NOT NULL,
  made_at    INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);

-- An earlier program neither reads nor writes these, and may go on beside them.
UPDATE store_state SET schema_version = 7;
