-- What holds of the store as a whole; one row.
CREATE TABLE store_state (
  id             INTEGER PRIMARY KEY CHECK (id = 1),
  schema_version INTEGER NOT NULL,
  min_program    INTEGER NOT NULL,             -- an older program neither claims nor submits: it drains and ends
  horizon        INTEGER,                      -- record time up to which retention counts; none before the first upkeep
  lost           TEXT,                          -- what the database lost of what it had acknowledged, until a person accepts that
  lost_seq       INTEGER                -- the newest message at that time: those behind it came later
) STRICT;
INSERT INTO store_state (id, schema_version, min_program, horizon)
VALUES (1, 2, 2, (SELECT max(at) FROM audit_record WHERE at <= CAST(strftime('%s', 'now') AS INTEGER) * 1000));

ALTER TABLE instance ADD COLUMN program INTEGER NOT NULL DEFAULT 1;

-- Messages that were in a pipeline when a process died: each runs alone before others (queued = 2 in message).
CREATE TABLE suspect (
  message_seq INTEGER PRIMARY KEY,
  deaths      INTEGER NOT NULL,                -- of processes that had no other message in a pipeline
  stage       TEXT    NOT NULL,
  component   TEXT    NOT NULL
) STRICT;
CREATE INDEX message_suspect ON message (port, seq) WHERE queued = 2;

CREATE INDEX dedupe_until ON dedupe (until);
