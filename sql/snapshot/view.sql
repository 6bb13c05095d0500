-- Facts of views and materialized views. PostgreSQL 15 writes the name of the only source of a query before each of its columns,
-- 16 and later do so only inside of subqueries, and in ORDER BY where the column would be taken for one of the
-- result. It is written as they do: of the query without its subqueries (skeleton) the only source (ref) is looked up, and taken off.
CREATE FUNCTION steward.view_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END,
         format('%I.%I', n.nspname, c.relname), 'schema ' || quote_ident(n.nspname), '1259:' || c.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(c.relowner)),
           'query', CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN q.query ELSE coalesce((
             WITH token AS (
               SELECT m.n, m.t[1] AS text, m.t[1] ~ '^\(.' AS is_query,
                      sum(CASE WHEN m.t[1] ~ '^\(' THEN 1 WHEN m.t[1] = ')' THEN -1 ELSE 0 END) OVER (ORDER BY m.n) AS depth
               FROM regexp_matches(q.query, $re$('(?:[^']|'')*'|"(?:[^"]|"")*"|\(\s*(?:SELECT|WITH|VALUES)\M|[()]|[^'"()]+)$re$, 'g')
                    WITH ORDINALITY AS m (t, n)
             ), inner_query AS (
               SELECT o.n AS first, (SELECT min(e.n) FROM token AS e WHERE e.n > o.n AND e.depth < o.depth) AS last
               FROM token AS o WHERE o.is_query
             ), placed AS (
               SELECT t.n, t.text, EXISTS (SELECT FROM inner_query AS i WHERE t.n BETWEEN i.first AND i.last) AS inside FROM token AS t
             ), run AS (
               SELECT p.n, p.text, p.inside, p.n - row_number() OVER (PARTITION BY p.inside ORDER BY p.n) AS run FROM placed AS p
             ), stretch AS (
               SELECT min(r.n) AS n, r.inside, string_agg(r.text, '' ORDER BY r.n) AS text FROM run AS r GROUP BY r.inside, r.run
             ), skeleton AS (
               SELECT string_agg(s.text, '' ORDER BY s.n) AS text FROM stretch AS s WHERE NOT s.inside
             ), source AS (
               SELECT k.text AS skeleton, regexp_replace(regexp_replace(regexp_replace(f.t[1], '\([^()]*\)', '', 'g'), '\([^()]*\)', '', 'g'),
                                                         ' TABLESAMPLE .*', '') AS item
               FROM skeleton AS k CROSS JOIN LATERAL regexp_match(k.text,
                 '\n   FROM (.*?)(?=\n  WHERE |\n  GROUP BY |\n HAVING |\n  WINDOW |\n  ORDER BY |\n LIMIT |\n OFFSET |\n FETCH |\n FOR |$)') AS f (t)
               WHERE k.text !~ '\n *(UNION|INTERSECT|EXCEPT)\M'
             ), only_one AS (
               SELECT o.skeleton, regexp_replace(substring(o.item, $re$("(?:[^"]|"")*"|[^\s."(),]+)\s*$$re$), '(\W)', '\\\1', 'g') AS ref
               FROM source AS o WHERE o.item !~ '[,(]|\mJOIN\M'
             ), taken AS (
               SELECT string_agg(regexp_replace(m.t[1], '(\W)', '\\\1', 'g'), '|') AS names
               FROM only_one AS o CROSS JOIN LATERAL regexp_matches(o.skeleton, $re$ AS ("(?:[^"]|"")*"|[\w$]+)(?=,|\n)$re$, 'g') AS m (t)
             )
             SELECT string_agg(CASE WHEN s.inside THEN s.text ELSE
                      replace(regexp_replace(regexp_replace(s.text,
                        '(\n  ORDER BY |, )' || o.ref || '\.(' || coalesce(t.names, '') || ')(?=,| DESC| NULLS| USING|$)',
                        CASE WHEN o.skeleton ~ '\n  ORDER BY ' THEN E'\\1\x01\\2' ELSE '\&' END, 'g'),
                        $re$('(?:[^']|'')*')|(?<![\w".$:]|\n   FROM |ONLY |COLLATE |OPERATOR\()$re$ || o.ref ||
                        $re$\.(?!\*)(?!(?:"(?:[^"]|"")*"|[\w$]+)\()|("(?:[^"]|"")*")$re$, '\1\2', 'g'),
                        E'\x01', regexp_replace(o.ref, '\\(\W)', '\1', 'g') || '.') END, '' ORDER BY s.n)
             FROM stretch AS s CROSS JOIN only_one AS o CROSS JOIN taken AS t), q.query) END,
           'columns', (SELECT jsonb_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                                        || CASE WHEN a.attcollation <> t.typcollation THEN ' ' || a.attcollation::regcollation ELSE '' END
                                        ORDER BY a.attnum)
                       FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
                       WHERE a.attrelid = c.oid AND a.attnum > 0),
           'options', (SELECT jsonb_object_agg(o.option_name, o.option_value)
                       FROM (SELECT option_name, option_value FROM pg_options_to_table(c.reloptions)
                             WHERE c.reloptions IS NOT NULL
                             UNION ALL
                             SELECT 'toast.' || option_name, option_value
                             FROM pg_class AS t, pg_options_to_table(t.reloptions)
                             WHERE t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL) AS o),
           'option_order', CASE WHEN c.reloptions IS NOT NULL THEN
             (SELECT jsonb_agg(o.option_name) FROM pg_options_to_table(c.reloptions) AS o HAVING count(*) > 1) END,
           'access_method', (SELECT quote_ident(am.amname) FROM pg_am AS am WHERE am.oid = c.relam AND am.amname <> 'heap'),
           'tablespace', (SELECT quote_ident(s.spcname) FROM pg_tablespace AS s WHERE s.oid = c.reltablespace),
           'unpopulated', nullif(NOT c.relispopulated, false)))
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT rtrim(pg_get_viewdef(c.oid), E'; \n')) AS q (query)
  WHERE /* of c.oid */ c.relkind IN ('v', 'm') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = 1259 AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e')
$facts$;
COMMENT ON FUNCTION steward.view_facts() IS
'Facts of views and materialized views: owner, query, columns with their types, options, access method, tablespace.';
