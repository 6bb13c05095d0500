-- Values for generated rows: candidates of a type, and a choice among them that satisfies a table's own constraints. The
-- constraints themselves are asked, so nothing here has to understand them.
CREATE FUNCTION steward.base_type(type oid) RETURNS oid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE base (type) AS (
    SELECT base_type.type
    UNION ALL
    SELECT t.typbasetype FROM base JOIN pg_type AS t ON t.oid = base.type WHERE t.typtype = 'd')
  SELECT b.type FROM base AS b JOIN pg_type AS t ON t.oid = b.type WHERE t.typtype <> 'd'
$$;
COMMENT ON FUNCTION steward.base_type(oid) IS 'The type under a domain, or the type itself.';

CREATE FUNCTION steward.literals_of(expression text) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT v), '{}')
  FROM (SELECT replace(m[1], '''''', '''') AS v FROM regexp_matches(expression, '''((?:[^'']|'''')*)''', 'g') AS m
        UNION ALL
        SELECT n.v FROM regexp_matches(expression, '\m\d+(?:\.\d+)?\M', 'g') AS m,
               LATERAL (VALUES (m[1]), ((m[1]::numeric + 1)::text), ((m[1]::numeric - 1)::text), ('-' || m[1])) AS n (v)
        UNION ALL
        SELECT left(repeat(md5('steward') , 1 + n.v / 32), n.v)
        FROM (SELECT m[1]::integer AS v FROM regexp_matches(expression, '\m(\d{1,4})\M', 'g') AS m) AS n) AS found
$$;
COMMENT ON FUNCTION steward.literals_of(text) IS
'The constants in the text of a constraint, their neighbours, and texts of those lengths: what is likely to satisfy it.';

CREATE FUNCTION steward.domain_literals(type oid) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT array_agg(l) FROM pg_constraint AS c, unnest(steward.literals_of(pg_get_constraintdef(c.oid))) AS l
                   WHERE c.contypid = domain_literals.type), '{}')
$$;
COMMENT ON FUNCTION steward.domain_literals(oid) IS 'The constants in the constraints of a domain.';

CREATE FUNCTION steward.plain_values(type oid) RETURNS text[]
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN t.typtype = 'e' THEN ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder)
    WHEN t.typtype = 'r' THEN (SELECT ARRAY[format('[%s,%s)', n, n + 1), format('[%s,%s)', date '2000-01-01' + n, date '2000-01-02' + n), 'empty']
                               FROM floor(random() * 30000) AS f (x), LATERAL (SELECT x::integer) AS n (n))
    WHEN t.typcategory = 'A' THEN '{"{}"}' || ARRAY(SELECT format('{%s}', to_json(v))
                                                    FROM unnest(steward.plain_values(t.typelem)) AS v LIMIT 3)
    WHEN t.typcategory = 'B' THEN '{true,false}'
    WHEN t.oid = 'uuid'::regtype THEN ARRAY[gen_random_uuid()::text, gen_random_uuid()::text]
    WHEN t.oid = 'smallint'::regtype THEN ARRAY[(10000 + floor(random() * 22000))::text, '1', '0', '-1']
    WHEN t.typcategory = 'N' THEN ARRAY[(1000000000 + floor(random() * 1000000000))::bigint::text, (1000 + floor(random() * 8999))::text,
                                        '1', '0', '0.5', '10', '50', '-1']
    WHEN t.typcategory = 'D' THEN ARRAY[now()::text, (now() + interval '1 day')::text, '2000-01-01', '2100-01-01', '12:00']
    WHEN t.typcategory = 'T' THEN '{1 day,1 hour,0}'
    WHEN t.typcategory = 'V' THEN ARRAY['101', '0', repeat('0', 8), repeat('0', 16), repeat('0', 32), repeat('0', 64)]
    WHEN t.typcategory = 'I' THEN '{192.0.2.1,192.0.2.0/24}'
    ELSE ARRAY[md5(random()::text || clock_timestamp()::text), 'steward', 'a', 'A', 'Aa1!aaaa',
               'a' || floor(random() * 1e9) || '@example.com',
               'https://example.com/' || floor(random() * 1e9), 'a-b', 'de', 'DE', 'de-DE', 'EUR', '#aabbcc', '12345', '+4930123456',
               'Europe/Berlin', '{}', '[]', '<a/>', '', '\x00', '(0,0)', '((0,0),(1,1))', '08:00:2b:01:02:03',
                 '08:00:2b:01:02:03:04:05'] END
  FROM pg_type AS t WHERE t.oid = plain_values.type
$$;
COMMENT ON FUNCTION steward.plain_values(oid) IS 'Values that a type which is no domain is likely to accept, as text; those that are unlikely to be taken first.';

CREATE FUNCTION steward.accepted(value text, type_name text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  result text;
BEGIN
  EXECUTE format('SELECT (%L::%s)::text', value, type_name) INTO result;
  RETURN result;
EXCEPTION
  WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION steward.accepted(text, text) IS 'The value as the type shows it, length and domain constraints included; NULL when the type refuses it.';

CREATE FUNCTION steward.candidates(relation regclass, column_name name, hints text[]) RETURNS text[]
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(c.value ORDER BY c.position)
  FROM (SELECT DISTINCT ON (steward.accepted(v.value, format_type(a.atttypid, a.atttypmod)))
               steward.accepted(v.value, format_type(a.atttypid, a.atttypmod)) AS value, v.position
        FROM pg_attribute AS a,
             unnest(steward.plain_values(steward.base_type(a.atttypid)) || steward.domain_literals(a.atttypid) || hints)
               WITH ORDINALITY AS v (value, position)
        WHERE a.attrelid = relation AND a.attname = column_name) AS c
  WHERE c.value IS NOT NULL
$$;
COMMENT ON FUNCTION steward.candidates(regclass, name, text[]) IS
'Values that a column''s type accepts. hints: constants from the table''s constraints.';

CREATE FUNCTION steward.partition_columns(relation regclass) RETURNS name[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN ARRAY(SELECT DISTINCT n FROM pg_partition_tree(relation) AS t JOIN pg_partitioned_table AS k ON k.partrelid = t.relid,
                                    unnest(steward.column_names(t.relid, k.partattrs::smallint[])) AS n);
COMMENT ON FUNCTION steward.partition_columns(regclass) IS 'The columns by which a table and its partitions are partitioned, at every depth.';

-- The constraints that a row must satisfy besides its types and keys, and the columns each speaks of.
CREATE FUNCTION steward.row_constraints(relation regclass) RETURNS TABLE (condition text, columns name[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_get_expr(c.conbin, c.conrelid), steward.column_names(c.conrelid, c.conkey)
  FROM pg_constraint AS c WHERE c.conrelid = relation AND c.contype = 'c' AND c.conkey IS NOT NULL
  UNION ALL
  SELECT string_agg(format('(%s)', coalesce(pg_get_partition_constraintdef(p.relid), 'true')), ' OR '),
         steward.partition_columns(relation)
  FROM (SELECT t.relid FROM pg_partition_tree(relation) AS t WHERE t.isleaf AND t.relid <> relation LIMIT 50) AS p
  HAVING count(*) > 0
$$;
COMMENT ON FUNCTION steward.row_constraints(regclass) IS
'The CHECK constraints of a table, and for a partitioned one that a partition takes the row, as SQL conditions over its columns.';

-- A column is left to its default, or to NULL, unless it must have a value or would draw one from a sequence.
CREATE FUNCTION steward.columns_to_fill(relation regclass, fixed jsonb) RETURNS name[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT coalesce(array_agg(a.attname ORDER BY a.attnum), '{}')
        FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND NOT fixed ? a.attname
          AND (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%'
               OR ((a.attnotnull OR t.typnotnull) AND d.oid IS NULL) OR a.attname = ANY (steward.partition_columns(relation))));
COMMENT ON FUNCTION steward.columns_to_fill(regclass, jsonb) IS 'The columns that need a value beside those fixed.';

CREATE FUNCTION steward.column_source(relation regclass, column_name name, fill boolean, hints text[], fixed jsonb) RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN fill THEN format('(SELECT v::%s FROM unnest(%L::text[]) AS v) AS %I (%I)', format_type(a.atttypid, a.atttypmod),
                          coalesce(steward.candidates(relation, column_name, hints), '{}'), 'from ' || a.attnum, column_name)
    ELSE format('(SELECT (%s)::%s) AS %I (%I)',
                CASE WHEN fixed ? column_name THEN quote_nullable(fixed ->> column_name)
                     ELSE coalesce(pg_get_expr(d.adbin, d.adrelid), 'NULL') END,
                format_type(a.atttypid, a.atttypmod), 'from ' || a.attnum, column_name) END
  FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = relation AND a.attname = column_name
$$;
COMMENT ON FUNCTION steward.column_source(regclass, name, boolean, text[], jsonb) IS
'A FROM item that offers a column''s candidates, or its one fixed or default value.';

CREATE FUNCTION steward.new_values(relation regclass, fixed jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  fill name[] := steward.columns_to_fill(relation, fixed);
  conditions text;
  hints text[];
  mentioned name[];
  sources text;
  chosen text;
  result jsonb;
BEGIN
  IF cardinality(fill) = 0 THEN
    RETURN fixed;
  END IF;
  conditions := (SELECT coalesce(string_agg(format('(%s)', c.condition), ' AND '), 'true')
                 FROM steward.row_constraints(relation) AS c WHERE c.columns && fill);
  hints := ARRAY(SELECT DISTINCT l FROM steward.row_constraints(relation) AS c, unnest(steward.literals_of(c.condition)) AS l
                 WHERE c.columns && fill);
  mentioned := ARRAY(SELECT DISTINCT n FROM steward.row_constraints(relation) AS c, unnest(c.columns) AS n WHERE c.columns && fill);
  SELECT string_agg(steward.column_source(relation, c.name, c.name = ANY (fill), CASE WHEN c.name = ANY (mentioned) THEN hints
                                          ELSE '{}' END, fixed), ', '),
         string_agg(format('%L, %I::text', c.name, c.name), ', ') FILTER (WHERE c.name = ANY (fill))
  INTO sources, chosen
  FROM (SELECT DISTINCT n AS name FROM unnest(fill || mentioned) AS n) AS c;
  EXECUTE format('SELECT jsonb_build_object(%s) FROM %s WHERE %s LIMIT 1', chosen, sources, conditions) INTO result;
  IF result IS NULL THEN
    RAISE EXCEPTION 'no row could be generated that satisfies the constraints of %', relation
      USING ERRCODE = 'ST010', DETAIL = format('They are: %s.', conditions),
            HINT = 'Constraints whose values no constant in them suggests are beyond the generator.';
  END IF;
  RETURN fixed || result;
END
$$;
COMMENT ON FUNCTION steward.new_values(regclass, jsonb) IS
'Values for a new row, as text by column name: those fixed, and for each column that needs one a value such that the table''s constraints hold. Draws on no sequence. Error: ST010.';
