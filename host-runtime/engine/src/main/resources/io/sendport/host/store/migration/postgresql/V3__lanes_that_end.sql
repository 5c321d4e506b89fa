-- A lane ends where a backup is restored or a loss is accepted, and the ledger goes on in a new one.
-- SHARED: everybody appends to it in turn. LEASED: one connection at a time does. ENDED: nobody does any more.
ALTER TABLE audit_lane ADD COLUMN role TEXT COLLATE "C" NOT NULL DEFAULT 'LEASED'
  CHECK (role IN ('SHARED', 'LEASED', 'ENDED'));
UPDATE audit_lane SET role = 'SHARED' WHERE lane = 0;

-- Where the ledger says what was submitted, so that a claim compares the message with it.
ALTER TABLE message ADD COLUMN ledger_lane BIGINT;
ALTER TABLE message ADD COLUMN ledger_seq BIGINT;
UPDATE message SET ledger_lane = r.lane, ledger_seq = r.seq
  FROM audit_record r WHERE r.message = message.id AND r.step = 1 AND message.ended_at IS NULL;

-- 1: what was deleted before secureDelete was asked for is overwritten.
ALTER TABLE store_state ADD COLUMN overwrites BIGINT NOT NULL DEFAULT 0;

UPDATE store_state SET schema_version = 3, min_program = 3;
