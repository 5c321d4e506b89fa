-- What became of the messages that a role submitted through the outbox, from the ledger: docs/outbox.md is the contract.
-- after: LANE:SEQ,LANE:SEQ,...; '' from the beginning; 'now' for the position after the newest record.
-- most: how many records of each lane to look at. A row without an outcome moves the position only: records of others lie between.
-- A value may have U+0000, which PostgreSQL's JSON cannot hold. Without the replacement, one such message would stop every reader.
CREATE FUNCTION submission_outcomes(after TEXT, most INT)
  RETURNS TABLE (lane BIGINT, seq BIGINT, no INT, at TIMESTAMPTZ, message TEXT, port TEXT, outcome TEXT, recipient TEXT, reply TEXT,
    mime_message_id TEXT, dedupe_key TEXT, properties TEXT)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
AS $$
  WITH place AS (
    SELECT split_part(p, ':', 1)::bigint AS lane, split_part(p, ':', 2)::bigint AS seq
      FROM unnest(string_to_array(after, ',')) AS p WHERE p NOT IN ('', 'now')
    UNION ALL
    SELECT h.lane, h.head_seq FROM audit_lane h WHERE after = 'now'
  ), looked AS (
    SELECT r.* FROM audit_lane l LEFT JOIN place p ON p.lane = l.lane
      CROSS JOIN LATERAL (
        SELECT * FROM audit_record r WHERE r.lane = l.lane AND r.seq > coalesce(p.seq, 0)
         ORDER BY r.seq LIMIT least(greatest(most, 1), 10000)
      ) r
  ), own AS (
    SELECT k.lane, k.seq, k.at, k.kind, k.message, k.port,
           replace(k.private, '\u0000', '\ufffd')::jsonb AS facts, replace(s.private, '\u0000', '\ufffd')::jsonb AS submitted
      FROM looked k JOIN audit_record s ON s.message = k.message AND s.step = 1 AND s.kind = 'SUBMITTED'
     WHERE k.kind IN ('ACCEPTED', 'DEFERRED', 'REFUSED', 'IN_DOUBT', 'SUSPENDED', 'RESOLVED', 'TERMINATED', 'CONSUMED')
       AND k.private IS NOT NULL AND replace(s.private, '\u0000', '\ufffd')::jsonb ->> 'actor' = session_user
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
REVOKE ALL ON FUNCTION submission_outcomes(TEXT, INT) FROM PUBLIC;

-- Both functions run as the owner of the tables. PostgreSQL looks for tables in pg_temp first unless it is named last: a role could put a view of its own in place of a
-- table, and have its code run as the owner.
DO $$
DECLARE grantee_name text;
BEGIN
  EXECUTE format('ALTER FUNCTION submission_outcomes(TEXT, INT) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION submission_answer(UUID) SET search_path = %I, pg_temp', current_schema());
  -- Who may ask for one answer may read outcomes.
  FOR grantee_name IN
    SELECT DISTINCT grantee FROM information_schema.role_routine_grants
    WHERE routine_schema = current_schema() AND routine_name = 'submission_answer' AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION submission_outcomes(TEXT, INT) TO %s',
      CASE grantee_name WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(grantee_name) END);
  END LOOP;
END $$;

-- An earlier program neither reads nor writes what this needs, and may go on beside it.
UPDATE store_state SET schema_version = 10;
