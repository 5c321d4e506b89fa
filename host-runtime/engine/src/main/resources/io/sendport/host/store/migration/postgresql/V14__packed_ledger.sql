-- The ledger, packed: one row for the records of one commit. headers and private hold one frame for each record: eight decimal digits, the
-- number of bytes, and then these bytes. A frame of headers has the canonical header. A frame of private has 16 bytes of salt and then the
-- canonical private part; an erased one has zeros. The other columns are derived from them.
CREATE TABLE audit_segment (
  lane      BIGINT NOT NULL,
  first_seq BIGINT NOT NULL CHECK (first_seq > 0),
  last_seq  BIGINT NOT NULL,
  min_at    BIGINT NOT NULL,
  max_at    BIGINT NOT NULL,
  kinds     TEXT COLLATE "C" NOT NULL,   -- those of its records, in order, with a comma before, between and behind them
  last_hash TEXT COLLATE "C" NOT NULL,   -- of its last record
  headers   BYTEA NOT NULL,
  private   BYTEA NOT NULL,
  PRIMARY KEY (lane, first_seq),
  CHECK (last_seq >= first_seq)
);
CREATE INDEX audit_segment_at ON audit_segment (max_at, min_at);

-- Finds segments: m:MESSAGE, r:HASH OF RECIPIENT, p:HASH OF PROPERTY, k:KIND for records without a message.
CREATE TABLE audit_key (
  key     TEXT COLLATE "C" NOT NULL,
  lane    BIGINT NOT NULL,
  segment BIGINT NOT NULL,               -- its first_seq
  PRIMARY KEY (key, lane, segment)
);

-- Up to where audit_key covers the segments of a lane; searches read those behind it.
CREATE TABLE audit_indexed (
  lane       BIGINT PRIMARY KEY,
  indexed_to BIGINT NOT NULL
);

-- Records from before this version are in audit_record, with their own indexes, until a job packs them.
INSERT INTO audit_indexed (lane, indexed_to) SELECT lane, head_seq FROM audit_lane;

-- The records of a segment.
CREATE FUNCTION audit_unpack(first_seq BIGINT, headers BYTEA, private BYTEA)
  RETURNS TABLE (seq BIGINT, header TEXT, salt BYTEA, secret TEXT)
  LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
  h INT := 1;
  p INT := 1;
  n INT;
BEGIN
  -- Decompressed once, and not for each record.
  headers := headers || ''::bytea;
  private := private || ''::bytea;
  seq := first_seq;
  WHILE h <= length(headers) LOOP
    n := convert_from(substring(headers FROM h FOR 8), 'UTF8')::int;
    header := convert_from(substring(headers FROM h + 8 FOR n), 'UTF8');
    h := h + 8 + n;
    n := convert_from(substring(private FROM p FOR 8), 'UTF8')::int;
    secret := NULL;
    salt := NULL;
    IF substring(private FROM p + 24 FOR 1) = '{'::bytea THEN
      salt := substring(private FROM p + 8 FOR 16);
      secret := convert_from(substring(private FROM p + 24 FOR n - 16), 'UTF8');
    END IF;
    p := p + 8 + n;
    RETURN NEXT;
    seq := seq + 1;
  END LOOP;
END $$;

-- Every record, one row each, for persons who look with psql. It unpacks all segments that a condition on lane does not rule out.
CREATE VIEW audit_records AS
  SELECT lane, seq, header, salt, private AS secret FROM audit_record
  UNION ALL
  SELECT s.lane, u.seq, u.header, u.salt, u.secret FROM audit_segment s CROSS JOIN LATERAL audit_unpack(s.first_seq, s.headers, s.private) u;

-- What became of the messages that a role submitted through the outbox, from the ledger: docs/outbox.md is the contract.
-- As before, but for where records are: the submission of a message is found by audit_key, and behind its mark by reading segments.
CREATE OR REPLACE FUNCTION submission_outcomes(after TEXT, most INT)
  RETURNS TABLE (lane BIGINT, seq BIGINT, no INT, at TIMESTAMPTZ, message TEXT, port TEXT, outcome TEXT, recipient TEXT, reply TEXT,
    mime_message_id TEXT, dedupe_key TEXT, properties TEXT)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
AS $$
  WITH place AS (
    SELECT split_part(p, ':', 1)::bigint AS lane, split_part(p, ':', 2)::bigint AS seq
      FROM unnest(string_to_array(after, ',')) AS p WHERE p NOT IN ('', 'now')
    UNION ALL
    SELECT h.lane, h.head_seq FROM audit_lane h WHERE after = 'now'
  ), looked AS MATERIALIZED (
    SELECT l.lane, r.seq, r.header, r.secret FROM audit_lane l LEFT JOIN place p ON p.lane = l.lane
      CROSS JOIN LATERAL (
        SELECT * FROM (
          (SELECT o.seq, o.header, o.private AS secret FROM audit_record o WHERE o.lane = l.lane AND o.seq > coalesce(p.seq, 0)
            ORDER BY o.seq LIMIT least(greatest(most, 1), 10000))
          UNION ALL
          (SELECT u.seq, u.header, u.secret FROM (
             SELECT * FROM audit_segment s WHERE s.lane = l.lane AND s.first_seq > coalesce(p.seq, 0) - 512 AND s.last_seq > coalesce(p.seq, 0)
                AND s.first_seq <= greatest(coalesce(p.seq, 0), l.pruned_seq) + least(greatest(most, 1), 10000)
              ORDER BY s.first_seq LIMIT least(greatest(most, 1), 10000)) s
             CROSS JOIN LATERAL audit_unpack(s.first_seq, s.headers, s.private) u
            WHERE u.seq > coalesce(p.seq, 0) ORDER BY u.seq LIMIT least(greatest(most, 1), 10000))
        ) either ORDER BY seq LIMIT least(greatest(most, 1), 10000)
      ) r
  ), told AS MATERIALIZED (
    SELECT k.lane, k.seq, k.header::jsonb AS header, k.secret FROM looked k
     WHERE k.header::jsonb ->> 'kind' IN ('ACCEPTED', 'DEFERRED', 'REFUSED', 'IN_DOUBT', 'SUSPENDED', 'RESOLVED', 'TERMINATED', 'CONSUMED')
       AND k.secret IS NOT NULL
  ), wanted AS MATERIALIZED (
    SELECT DISTINCT t.header ->> 'message' AS message FROM told t
  ), held AS MATERIALIZED (
    SELECT k.lane, k.segment FROM wanted w JOIN audit_key k ON k.key = 'm:' || w.message
    UNION
    SELECT s.lane, s.first_seq FROM audit_lane l LEFT JOIN audit_indexed i ON i.lane = l.lane
      JOIN audit_segment s ON s.lane = l.lane AND s.first_seq > coalesce(i.indexed_to, 0) AND s.kinds LIKE '%,SUBMITTED,%'
     WHERE EXISTS (SELECT 1 FROM wanted)
  ), submitted AS MATERIALIZED (
    SELECT o.message, o.private AS secret FROM wanted w JOIN audit_record o ON o.message = w.message AND o.step = 1 AND o.kind = 'SUBMITTED'
    UNION ALL
    SELECT u.header::jsonb ->> 'message', u.secret FROM held h
      JOIN audit_segment s ON s.lane = h.lane AND s.first_seq = h.segment AND s.kinds LIKE '%,SUBMITTED,%'
      CROSS JOIN LATERAL audit_unpack(s.first_seq, s.headers, s.private) u
     WHERE u.header::jsonb ->> 'kind' = 'SUBMITTED' AND u.header::jsonb ->> 'message' IN (SELECT w.message FROM wanted w)
  ), own AS (
    SELECT t.lane, t.seq, (extract(epoch FROM (t.header ->> 'at')::timestamptz) * 1000)::bigint AS at, t.header ->> 'kind' AS kind,
           t.header ->> 'message' AS message, t.header ->> 'port' AS port,
           replace(t.secret, '\u0000', '\ufffd')::jsonb AS facts, replace(s.secret, '\u0000', '\ufffd')::jsonb AS submitted
      FROM told t JOIN submitted s ON s.message = t.header ->> 'message'
     WHERE replace(s.secret, '\u0000', '\ufffd')::jsonb ->> 'actor' = session_user
  ), found AS (
    SELECT o.*, coalesce(e.one ->> 'outcome', 'inDoubt') AS outcome, e.one ->> 'address' AS recipient,
           coalesce(nullif(e.one ->> 'reply', ''), o.facts ->> 'detail', '') AS reply, e.position
      FROM own o CROSS JOIN LATERAL jsonb_array_elements(o.facts -> 'recipients') WITH ORDINALITY AS e(one, position)
     WHERE o.kind IN ('ACCEPTED', 'DEFERRED', 'REFUSED', 'IN_DOUBT') AND o.facts ? 'recipients'
       AND coalesce(e.one ->> 'outcome', '') <> 'deferred'
    UNION ALL
    SELECT o.*, CASE o.kind WHEN 'IN_DOUBT' THEN 'inDoubt' ELSE lower(o.kind) END, NULL,
           coalesce(nullif(o.facts ->> 'detail', ''), o.facts ->> 'reason', ''), 1
      FROM own o
     WHERE o.kind IN ('SUSPENDED', 'RESOLVED', 'TERMINATED', 'CONSUMED')
        OR (o.kind = 'IN_DOUBT' AND NOT o.facts ? 'recipients')
  )
  SELECT f.lane, f.seq, (row_number() OVER (PARTITION BY f.lane, f.seq ORDER BY f.position))::int AS no,
         to_timestamp(f.at / 1000.0), f.message, f.port, f.outcome, f.recipient, f.reply, f.facts ->> 'mimeMessageId',
         f.submitted ->> 'dedupeKey', coalesce(f.submitted ->> 'properties', '{}')
    FROM found f
  UNION ALL
  SELECT k.lane, max(k.seq), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM looked k GROUP BY k.lane
  UNION ALL
  SELECT h.lane, h.head_seq, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM audit_lane h WHERE after = 'now'
  ORDER BY 1, 2, 3 NULLS LAST
$$;

-- It runs as the owner of the tables: see V10.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION submission_outcomes(TEXT, INT) SET search_path = %I, pg_temp', current_schema());
END $$;

-- Who has a right to the records of an earlier version has the same to segments, and to change nothing of a segment but private.
DO $$
DECLARE granted record;
BEGIN
  FOR granted IN
    SELECT DISTINCT privilege_type, CASE grantee WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee) END AS grantee
    FROM information_schema.role_table_grants
    WHERE table_schema = current_schema() AND table_name = 'audit_record' AND grantee <> current_user
      AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  LOOP
    IF granted.privilege_type = 'UPDATE' THEN
      EXECUTE format('GRANT UPDATE (private) ON audit_segment TO %s', granted.grantee);
    ELSE
      EXECUTE format('GRANT %s ON audit_segment, audit_key TO %s', granted.privilege_type, granted.grantee);
    END IF;
    IF granted.privilege_type = 'INSERT' THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE ON audit_indexed TO %s', granted.grantee);
    ELSIF granted.privilege_type = 'SELECT' THEN
      EXECUTE format('GRANT SELECT ON audit_indexed, audit_records TO %s', granted.grantee);
    END IF;
  END LOOP;
END $$;

-- An earlier program would not read what is in segments.
UPDATE store_state SET schema_version = 14, min_program = 9;
