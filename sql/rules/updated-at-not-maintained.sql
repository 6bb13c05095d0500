-- An application that forgets it once makes every later reader wrong. Any trigger before an UPDATE of the row counts. The fix
-- makes one function for a schema's tables, unless there is one of that name that does the same; of one that does something
-- else it keeps its hands off.
CREATE FUNCTION steward.rule_updated_at_not_maintained(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('nothing keeps %s.%I up to date', c.table_identity, c.name),
    'a trigger before UPDATE that sets it',
    CASE WHEN h.free THEN
      CASE WHEN h.there THEN '' ELSE
        format(E'CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN NEW.%I := pg_catalog.now(); RETURN NEW; END $body$;\n', h.function, c.name) END
      || format('CREATE TRIGGER %I BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s();', 'set_' || c.name, c.table_identity,
                h.function) END,
    CASE WHEN h.free THEN
      format('DROP TRIGGER %I ON %s;', 'set_' || c.name, c.table_identity)
      || CASE WHEN h.there THEN '' ELSE format(E'\nDROP FUNCTION %s();', h.function) END END, part => c.number)
  FROM steward.catalog_column AS c
       LEFT JOIN (SELECT p.pronamespace, p.proname::text, p.prorettype = 'trigger'::regtype
                         AND p.prosrc ~* '^\s*BEGIN\s+NEW\.\w+\s*:?=\s*(pg_catalog\.)?(now\(\)|CURRENT_TIMESTAMP|clock_timestamp\(\));\s*RETURN\s+NEW;\s*END;?\s*$' AS sets,
                         lower(substring(p.prosrc FROM '(?i)NEW\.(\w+)')) AS sets_what
                  FROM pg_proc AS p WHERE p.proname LIKE 'set\_%' AND p.pronargs = 0) AS f
         ON f.pronamespace = c.schema AND f.proname = 'set_' || c.name
       CROSS JOIN LATERAL (
         SELECT f.proname IS NOT NULL AS there, format('%I.%I', c.schema_name, 'set_' || c.name) AS function,
                (f.proname IS NULL OR f.sets AND f.sets_what = c.name)
                AND NOT EXISTS (SELECT FROM pg_trigger AS g WHERE g.tgrelid = c.relation AND g.tgname = 'set_' || c.name) AS free) AS h
  WHERE options -> 'columns' ? c.name AND c.type IN ('timestamptz'::regtype, 'timestamp'::regtype) AND c.generated = ''
    AND NOT EXISTS (SELECT FROM pg_trigger AS g
                    WHERE g.tgrelid = c.relation AND g.tgtype & 19 = 19 AND NOT g.tgisinternal AND g.tgenabled <> 'D')
$$;
SELECT steward.add_rule('updated-at-not-maintained', 'note', 'An updated_at that no trigger keeps up to date',
                        options => '{"columns": ["updated_at", "modified_at", "last_update"]}');
