-- The ledger, packed: one row for the records of one commit. headers and private hold one frame for each record: eight decimal digits, the
-- number of bytes, and then these bytes. A frame of headers has the canonical header. A frame of private has 16 bytes of salt and then the
-- canonical private part; an erased one has zeros. The other columns are derived from them.
CREATE TABLE audit_segment (
  lane      INTEGER NOT NULL,
  first_seq INTEGER NOT NULL CHECK (first_seq > 0),
  last_seq  INTEGER NOT NULL,
  min_at    INTEGER NOT NULL,
  max_at    INTEGER NOT NULL,
  kinds     TEXT    NOT NULL,            -- those of its records, in order, with a comma before, between and behind them
  last_hash TEXT    NOT NULL,            -- of its last record
  headers   BLOB    NOT NULL,
  private   BLOB    NOT NULL,
  PRIMARY KEY (lane, first_seq),         -- beside the row's own number: segments lie side by side, in their order
  CHECK (last_seq >= first_seq)
) STRICT;
CREATE INDEX audit_segment_at ON audit_segment (max_at, min_at);

-- Only an erasure changes a segment, and nothing of it but private.
CREATE TRIGGER audit_segment_fixed BEFORE UPDATE OF lane, first_seq, last_seq, min_at, max_at, kinds, last_hash, headers ON audit_segment
BEGIN
  SELECT RAISE(ABORT, 'a segment of the ledger is never changed');
END;

-- Finds segments: m:MESSAGE, r:HASH OF RECIPIENT, p:HASH OF PROPERTY, k:KIND for records without a message.
CREATE TABLE audit_key (
  key     TEXT    NOT NULL,
  lane    INTEGER NOT NULL,
  segment INTEGER NOT NULL,              -- its first_seq
  PRIMARY KEY (key, lane, segment)
) WITHOUT ROWID, STRICT;

-- Up to where audit_key covers the segments of a lane; searches read those behind it.
CREATE TABLE audit_indexed (
  lane       INTEGER PRIMARY KEY,
  indexed_to INTEGER NOT NULL
) STRICT;

-- Records from before this version are in audit_record, with their own indexes, until a job packs them.
INSERT INTO audit_indexed (lane, indexed_to) SELECT lane, head_seq FROM audit_lane;

-- Every record, one row each, for persons who look with sqlite3. It unpacks all segments, whatever the condition.
CREATE VIEW audit_records AS
  SELECT lane, seq, header, salt, private AS secret FROM audit_record
  UNION ALL
  SELECT * FROM (
    WITH RECURSIVE frame (id, seq, h, p) AS (
      SELECT rowid, first_seq, 1, 1 FROM audit_segment
      UNION ALL
      SELECT f.id, f.seq + 1, f.h + 8 + CAST(substr(s.headers, f.h, 8) AS INTEGER), f.p + 8 + CAST(substr(s.private, f.p, 8) AS INTEGER)
        FROM frame f JOIN audit_segment s ON s.rowid = f.id WHERE f.seq < s.last_seq
    ), sized AS (
      SELECT s.lane, f.seq, f.h, f.p, s.headers, s.private, CAST(substr(s.headers, f.h, 8) AS INTEGER) AS hn,
             CAST(substr(s.private, f.p, 8) AS INTEGER) AS pn FROM frame f JOIN audit_segment s ON s.rowid = f.id
    )
    SELECT lane, seq, CAST(substr(headers, h + 8, hn) AS TEXT), CASE WHEN substr(private, p + 24, 1) = x'7b' THEN substr(private, p + 8, 16) END,
           CASE WHEN substr(private, p + 24, 1) = x'7b' THEN CAST(substr(private, p + 24, pn - 16) AS TEXT) END FROM sized
  );

-- An earlier program would not read what is in segments.
UPDATE store_state SET schema_version = 14, min_program = 9;
