-- An INSERT fails when the sequence, or the column it fills, is at its end: the smaller of the two counts.
CREATE FUNCTION steward.sequence_values(sequences oid[]) RETURNS TABLE (sequence oid, value bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  batch CONSTANT integer := 200;
  read jsonb;
BEGIN
  -- Reading a sequence locks it until the transaction ends, and thousands of locks are more than a server has. Those
  -- of a subtransaction that is rolled back are released: what was read stays, in a variable.
  FOR n IN 0 .. (cardinality(sequences) + batch - 1) / batch - 1 LOOP
    BEGIN
      EXECUTE (SELECT format('SELECT jsonb_object_agg(sequence::text, value) FROM (%s) AS s',
                             string_agg(format('SELECT %s::oid AS sequence, last_value AS value FROM %s', s, steward.relation_identity(s)),
                                        ' UNION ALL '))
               FROM unnest(sequences[n * batch + 1:(n + 1) * batch]) AS s) INTO read;
      RAISE EXCEPTION USING ERRCODE = 'ST099';
    EXCEPTION WHEN SQLSTATE 'ST099' THEN
      RETURN QUERY SELECT v.key::oid, v.value::bigint FROM jsonb_each_text(read) AS v;
    END;
  END LOOP;
END
$$;
COMMENT ON FUNCTION steward.sequence_values(oid[]) IS
'The last values of sequences, without keeping a lock on them. Error: 42501 for one that may not be read.';

CREATE FUNCTION steward.rule_sequence_near_overflow(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH ending AS MATERIALIZED (
    SELECT s.oid, s.identity, c.relation, c.number, c.table_identity, c.name, q.seqincrement > 0 AS rising,
           CASE WHEN q.seqincrement > 0
             THEN least(q.seqmax, CASE c.type WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
                        ELSE 9223372036854775807 END)
             ELSE greatest(q.seqmin, CASE c.type WHEN 'int2'::regtype THEN -32768 WHEN 'int4'::regtype THEN -2147483648
                           ELSE -9223372036854775808 END)
           END AS bound
    FROM steward.catalog_relation AS s
         JOIN pg_sequence AS q ON q.seqrelid = s.oid AND NOT q.seqcycle
         -- The column that owns it, or whose default reads it.
         LEFT JOIN LATERAL (
           SELECT c.* FROM steward.catalog_column AS c
           WHERE (c.relation, c.number) IN (
             SELECT d.refobjid, d.refobjsubid FROM pg_depend AS d
             WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
             UNION ALL
             SELECT f.adrelid, f.adnum FROM pg_depend AS d JOIN pg_attrdef AS f ON f.oid = d.objid
             WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid)
           ORDER BY CASE c.type WHEN 'int2'::regtype THEN 1 WHEN 'int4'::regtype THEN 2 ELSE 3 END LIMIT 1) AS c ON true
    WHERE s.kind = 'S' AND CASE WHEN s.kind = 'S' THEN has_sequence_privilege(s.oid, 'SELECT') END),
  -- A bigint cannot be used up; only the others are read.
  near AS (SELECT e.*, v.value FROM steward.sequence_values(ARRAY(SELECT oid FROM ending WHERE abs(bound::numeric) < 1e18)) AS v
                                    JOIN ending AS e ON e.oid = v.sequence)
  SELECT steward.blame('pg_class', n.oid, coalesce(n.relation, n.oid),
    format('sequence %s is at %s of %s%s', n.identity, n.value, n.bound,
           CASE WHEN n.name IS NULL THEN '' ELSE format(', the end of %s.%I', n.table_identity, n.name) END),
    'bigint for the column and what refers to it: add a new one, fill it in batches, swap the two; ALTER SEQUENCE ... AS bigint')
  FROM near AS n
  WHERE CASE WHEN n.rising THEN n.bound > 0 AND n.value::numeric * 100 / n.bound >= (options ->> 'percent')::numeric
             ELSE n.bound < 0 AND n.value::numeric * 100 / n.bound >= (options ->> 'percent')::numeric END
$$;
SELECT steward.add_rule('sequence-near-overflow', 'error', 'A sequence near the end of its column''s numbers',
                        options => '{"percent": 90}');
