-- Tamper evidence: an edited, missing or reordered row breaks the chain; a cut tail shows against an
-- anchor kept elsewhere.
CREATE FUNCTION steward.anchor() RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT concat_ws(':', (pg_control_system()).system_identifier, seq, encode(hash, 'hex'))
          FROM steward.ledger ORDER BY seq DESC LIMIT 1);
END
$$;
COMMENT ON FUNCTION steward.anchor() IS
'The ledger''s end as "system identifier:seq:hash". Kept outside the database, it shows a cut tail: steward.verify_ledger(anchor). NULL when the ledger is empty.';

CREATE FUNCTION steward.verify_chain() RETURNS TABLE (seq bigint, problem text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex' SET extra_float_digits = 1
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    WITH chain AS (
      SELECT l.seq, l.previous_hash, l.hash, steward.ledger_hash(to_jsonb(l)) AS computed,
             lag(l.seq, 1, 0::bigint) OVER w AS seq_before, lag(l.hash, 1, ''::bytea) OVER w AS hash_before
      FROM steward.ledger AS l WINDOW w AS (ORDER BY l.seq))
    SELECT c.seq, p.problem
    FROM chain AS c,
         LATERAL (VALUES
           (c.seq <> c.seq_before + 1,
            CASE WHEN c.seq = c.seq_before + 2 THEN format('row %s before it is missing', c.seq - 1)
                 ELSE format('rows %s to %s before it are missing', c.seq_before + 1, c.seq - 1) END),
           (c.hash <> c.computed, 'its content was changed after it was written'),
           (c.seq = c.seq_before + 1 AND c.previous_hash <> c.hash_before,
            'it does not follow from the row before it')) AS p (found, problem)
    WHERE p.found;
END
$$;
COMMENT ON FUNCTION steward.verify_chain() IS 'The rows of the ledger whose hash or place in the chain is wrong.';

CREATE FUNCTION steward.verify_scripts() RETURNS TABLE (seq bigint, problem text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT l.seq, format('its %s script does not have the checksum recorded', s.direction)
    FROM steward.ledger AS l,
         LATERAL (VALUES ('upgrade', l.upgrade, l.upgrade_checksum),
                         ('downgrade', l.downgrade, l.downgrade_checksum)) AS s (direction, body, checksum)
    WHERE s.body IS NOT NULL AND s.checksum IS DISTINCT FROM encode(sha256(convert_to(s.body, 'UTF8')), 'hex')
    UNION ALL
    SELECT (SELECT min(l.seq) FROM steward.ledger AS l
            WHERE kept.checksum IN (l.upgrade_checksum, l.downgrade_checksum)),
           format('the script kept in pieces as %s was changed', kept.checksum)
    FROM (SELECT checksum, encode(sha256(convert_to(string_agg(body, '' ORDER BY piece), 'UTF8')), 'hex') AS computed
          FROM steward.script GROUP BY checksum) AS kept
    WHERE kept.checksum <> kept.computed;
END
$$;
COMMENT ON FUNCTION steward.verify_scripts() IS 'The scripts kept by the ledger that differ from their checksum.';

CREATE FUNCTION steward.verify_anchor(anchor text) RETURNS TABLE (seq bigint, problem text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parts text[] := regexp_match(anchor, '^(\d+):(\d+):([0-9a-f]{64})$');
  found bytea;
BEGIN
  IF parts IS NULL THEN
    RAISE EXCEPTION 'not an anchor: "%"', anchor
      USING ERRCODE = 'invalid_parameter_value',
            HINT = 'An anchor is "system identifier:seq:hash", as steward.anchor() returns it.';
  END IF;
  found := (SELECT l.hash FROM steward.ledger AS l WHERE l.seq = parts[2]::bigint);
  IF found IS NULL THEN
    RETURN QUERY SELECT parts[2]::bigint, 'the anchor''s row is missing: the ledger''s end was cut off';
  ELSIF encode(found, 'hex') <> parts[3] THEN
    RETURN QUERY SELECT parts[2]::bigint, 'it is not the row the anchor was taken of';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.verify_anchor(text) IS
'What is wrong with the ledger, seen from an anchor taken earlier. Its system identifier is not compared: a restored database has another.';

CREATE FUNCTION steward.verify_ledger(anchor text DEFAULT NULL) RETURNS TABLE (seq bigint, problem text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM steward.verify_chain()
  UNION ALL SELECT * FROM steward.verify_scripts()
  UNION ALL SELECT found.* FROM (SELECT verify_ledger.anchor WHERE verify_ledger.anchor IS NOT NULL) AS given (anchor),
                                LATERAL steward.verify_anchor(given.anchor) AS found
  ORDER BY 1, 2
$$;
COMMENT ON FUNCTION steward.verify_ledger(text) IS
'Every row of the ledger that was edited, lost, reordered or cut off, with what is wrong; no row: nothing. anchor: what steward.anchor() returned earlier. Reads the whole ledger; locks: AccessShareLock.';
