-- Times are milliseconds since 1970, UTC. One row of message is one message at one port.
CREATE TABLE message (
  seq             INTEGER PRIMARY KEY AUTOINCREMENT,
  id              TEXT    NOT NULL UNIQUE,
  port            TEXT    NOT NULL,
  host            TEXT    NOT NULL,
  application     TEXT    NOT NULL,
  state           TEXT    NOT NULL,
  resumable       INTEGER NOT NULL DEFAULT 1,
  queued          INTEGER NOT NULL,            -- 1: a host may claim it once due_at has come
  submitted_at    INTEGER NOT NULL,
  due_at          INTEGER NOT NULL,
  ended_at        INTEGER,
  attempts        INTEGER NOT NULL DEFAULT 0,
  attempts_before INTEGER NOT NULL DEFAULT 0,  -- of those, before the present transport had its turn
  forced          INTEGER NOT NULL DEFAULT 0,  -- 1: tried once though its port is stopped
  transport       INTEGER NOT NULL DEFAULT 0,  -- 1: the backup
  steps           INTEGER NOT NULL DEFAULT 0,  -- records on the ledger
  size            INTEGER NOT NULL,
  context         TEXT    NOT NULL,            -- JSON with types
  digest          TEXT    NOT NULL,            -- SHA-256 over context and parts, as they were submitted
  mime_message_id TEXT,
  last_error      TEXT,
  lease_owner     TEXT,                        -- the instance that has it in hand
  source_id       TEXT                         -- the message this one was resubmitted from
);
CREATE INDEX message_queue ON message (port, due_at, seq) WHERE queued = 1;
CREATE INDEX message_order ON message (port, seq) WHERE ended_at IS NULL;
CREATE INDEX message_forced ON message (port) WHERE forced = 1;
CREATE INDEX message_leased ON message (lease_owner, port) WHERE lease_owner IS NOT NULL;
CREATE INDEX message_ended ON message (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE part (
  message_seq  INTEGER NOT NULL,
  no           INTEGER NOT NULL,
  name         TEXT    NOT NULL,
  content_type TEXT    NOT NULL,
  context      TEXT    NOT NULL,
  size         INTEGER NOT NULL,
  sha256       TEXT    NOT NULL,               -- of the body
  body_id      TEXT,
  body         BLOB,                           -- up to 1 MB; larger ones are chunks. Last: what is behind it would be found by reading it
  PRIMARY KEY (message_seq, no)
) WITHOUT ROWID;

-- Chunks are written before the transaction that refers to them; what nothing refers to after a day is swept.
CREATE TABLE body (
  id         TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL
);
CREATE TABLE body_chunk (
  body_id TEXT    NOT NULL,
  no      INTEGER NOT NULL,
  bytes   BLOB    NOT NULL,
  PRIMARY KEY (body_id, no)
);

CREATE TABLE delivery (
  message_seq     INTEGER NOT NULL,
  no              INTEGER NOT NULL,
  state           TEXT    NOT NULL,            -- open, done
  sender          TEXT    NOT NULL,
  recipients      TEXT    NOT NULL,            -- JSON: address, outcome, reply
  handling        TEXT    NOT NULL,            -- JSON: what relays are asked to do
  transparency    TEXT    NOT NULL,            -- what a relay must be able to carry
  sha256          TEXT    NOT NULL,
  size            INTEGER NOT NULL,
  sealed_id       TEXT,
  sealed          BLOB,                        -- kept where a retry can't render it again
  PRIMARY KEY (message_seq, no)
) WITHOUT ROWID;

CREATE INDEX part_body ON part (body_id) WHERE body_id IS NOT NULL;
CREATE INDEX delivery_sealed ON delivery (sealed_id) WHERE sealed_id IS NOT NULL;

CREATE TABLE attempt (
  message_seq INTEGER NOT NULL,
  delivery_no INTEGER NOT NULL,
  no          INTEGER NOT NULL,
  instance    TEXT    NOT NULL,
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER,                         -- none: open, or the process died
  components  TEXT    NOT NULL,                -- JSON: stage, component, milliseconds
  result      TEXT,                            -- JSON: recipients, relay, dialogue
  PRIMARY KEY (message_seq, delivery_no, no)
) WITHOUT ROWID;

CREATE TABLE dedupe (
  port    TEXT    NOT NULL,
  key     TEXT    NOT NULL,
  id      TEXT    NOT NULL,
  until   INTEGER NOT NULL,
  PRIMARY KEY (port, key)
);

CREATE TABLE port_state (
  port   TEXT PRIMARY KEY,
  state  TEXT    NOT NULL,
  at     INTEGER NOT NULL,
  actor  TEXT    NOT NULL,
  reason TEXT    NOT NULL,
  -- what a started port waits for before it sends, such as the end of a quarantine; empty when for nothing
  waits_for TEXT NOT NULL DEFAULT ''
);

CREATE TABLE instance (
  id         TEXT PRIMARY KEY,
  host       TEXT    NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  stopped_at INTEGER
);

-- What running instances are asked to take over, and what they answered.
CREATE TABLE reload (
  no          INTEGER PRIMARY KEY AUTOINCREMENT,
  instance    TEXT    NOT NULL,
  dry         INTEGER NOT NULL,
  actor       TEXT    NOT NULL,
  reason      TEXT    NOT NULL,
  asked_at    INTEGER NOT NULL,
  answered_at INTEGER,
  good        INTEGER,
  said        TEXT
);
CREATE INDEX reload_open ON reload (instance) WHERE answered_at IS NULL;

-- What was sent lately under rates that processes share.
CREATE TABLE rate (
  name TEXT PRIMARY KEY
);
CREATE TABLE rate_use (
  no   INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  at   INTEGER NOT NULL
);
CREATE INDEX rate_use_lately ON rate_use (name, at);

-- The ledger; strict, since SQLite else lets anything stand in a column. header and private are the canonical bytes (RFC 8785) that the hashes cover; the other columns are derived from them.
CREATE TABLE audit_lane (
  lane      INTEGER PRIMARY KEY,
  head_seq  INTEGER NOT NULL,
  head_hash TEXT    NOT NULL,
  -- Records up to here were deleted with a PRUNED record, or are about to be.
  pruned_seq  INTEGER NOT NULL DEFAULT 0,
  pruned_hash TEXT NOT NULL DEFAULT '0000000000000000000000000000000000000000000000000000000000000000',
  owner     TEXT,
  until     INTEGER
) STRICT;
INSERT INTO audit_lane (lane, head_seq, head_hash)
VALUES (0, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE audit_record (
  lane            INTEGER NOT NULL CHECK (lane = 0),
  seq             INTEGER PRIMARY KEY,         -- the row's own number: records of a kilobyte lie side by side, in their order
  at              INTEGER NOT NULL,
  kind            TEXT    NOT NULL,
  port            TEXT,
  message         TEXT,
  step            INTEGER,
  mime_message_id TEXT,
  queue_id        TEXT,
  header          TEXT    NOT NULL,
  hash            TEXT    NOT NULL,
  salt            BLOB,
  private         TEXT
) STRICT;
CREATE INDEX audit_foreign ON audit_record (lane) WHERE lane <> 0; -- empty, so that anything in it is found at once
CREATE INDEX audit_message ON audit_record (message, step, kind) WHERE message IS NOT NULL;
CREATE INDEX audit_at ON audit_record (at);
CREATE INDEX audit_kind ON audit_record (kind) WHERE message IS NULL;

CREATE TABLE audit_recipient (
  address TEXT    NOT NULL,
  lane    INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  PRIMARY KEY (address, lane, seq)
) WITHOUT ROWID, STRICT;

CREATE TABLE audit_property (
  name  TEXT    NOT NULL,
  value TEXT    NOT NULL,
  lane  INTEGER NOT NULL,
  seq   INTEGER NOT NULL,
  PRIMARY KEY (name, value, lane, seq)
) WITHOUT ROWID, STRICT;
