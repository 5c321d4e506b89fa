-- A lane ends where a backup is restored or a loss is accepted, and the ledger goes on in a new one: on SQLite too.
DROP INDEX audit_foreign;
DROP INDEX audit_message;
DROP INDEX audit_at;
DROP INDEX audit_kind;
ALTER TABLE audit_record RENAME TO audit_record_before;
CREATE TABLE audit_record (
  lane            INTEGER NOT NULL,
  seq             INTEGER NOT NULL,
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
  private         TEXT,
  PRIMARY KEY (lane, seq)                      -- beside the row's own number: records lie side by side, in their order
) STRICT;
INSERT INTO audit_record SELECT lane, seq, at, kind, port, message, step, mime_message_id, queue_id, header, hash, salt, private
  FROM audit_record_before ORDER BY seq;
DROP TABLE audit_record_before;
CREATE INDEX audit_message ON audit_record (message, step, kind) WHERE message IS NOT NULL;
CREATE INDEX audit_at ON audit_record (at);
CREATE INDEX audit_kind ON audit_record (kind) WHERE message IS NULL;

-- SHARED: everybody appends to it in turn. LEASED: one connection at a time does. ENDED: nobody does any more.
ALTER TABLE audit_lane ADD COLUMN role TEXT NOT NULL DEFAULT 'LEASED' CHECK (role IN ('SHARED', 'LEASED', 'ENDED'));
UPDATE audit_lane SET role = 'SHARED' WHERE lane = 0;

-- Where the ledger says what was submitted, so that a claim compares the message with it.
ALTER TABLE message ADD COLUMN ledger_lane INTEGER;
ALTER TABLE message ADD COLUMN ledger_seq INTEGER;
UPDATE message SET ledger_lane = r.lane, ledger_seq = r.seq
  FROM audit_record r WHERE r.message = message.id AND r.step = 1 AND message.ended_at IS NULL;

-- 1: what was deleted before secureDelete was asked for is overwritten.
ALTER TABLE store_state ADD COLUMN overwrites INTEGER NOT NULL DEFAULT 0;

UPDATE store_state SET schema_version = 3, min_program = 3;
