-- An application that forgets it once makes every later reader wrong. Any trigger before an UPDATE of the row counts.
CREATE FUNCTION steward.rule_updated_at_not_maintained(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('nothing keeps %s.%I up to date', c.table_identity, c.name),
    'a trigger before UPDATE that sets it',
    CASE WHEN f.oid IS NULL OR f.returns = 'trigger'::regtype AND f.language = 'plpgsql' THEN
      format(E'CREATE OR REPLACE FUNCTION %1$I.%2$I() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN NEW.%3$I := pg_catalog.now(); RETURN NEW; END $body$;\n'
             'CREATE TRIGGER %2$I BEFORE UPDATE ON %4$s FOR EACH ROW EXECUTE FUNCTION %1$I.%2$I();', c.schema_name, 'set_' || c.name, c.name, c.table_identity) END,
    format('DROP TRIGGER %I ON %s;', 'set_' || c.name, c.table_identity), part => c.number)
  FROM steward.catalog_column AS c
       LEFT JOIN steward.catalog_function AS f ON f.schema_name = c.schema_name AND f.name = 'set_' || c.name
  WHERE options -> 'columns' ? c.name AND c.type IN ('timestamptz'::regtype, 'timestamp'::regtype) AND c.generated = ''
    AND NOT EXISTS (SELECT FROM pg_trigger AS g
                    WHERE g.tgrelid = c.relation AND g.tgtype & 19 = 19 AND NOT g.tgisinternal AND g.tgenabled <> 'D')
$$;
SELECT steward.add_rule('updated-at-not-maintained', 'note', 'An updated_at that no trigger keeps up to date', options => '{"columns": ["updated_at", "modified_at", "last_update"]}');
