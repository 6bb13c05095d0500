-- Facts of triggers, rules and event triggers. What a partition has from its parent is the parent's.
CREATE FUNCTION steward.trigger_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'trigger', format('%I ON %I.%I', g.tgname, n.nspname, c.relname),
         CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'f' THEN 'foreign table ' ELSE 'table ' END || format('%I.%I', n.nspname, c.relname),
         '2620:' || g.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'definition', pg_get_triggerdef(g.oid),
           'enabled', CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' END,
           -- Partitions have it from here and may have it enabled otherwise.
           'enabled_in', CASE WHEN c.relkind = 'p' THEN
             (WITH RECURSIVE below AS (
                SELECT i.inhrelid FROM pg_inherits AS i WHERE i.inhparent = c.oid
                UNION SELECT i.inhrelid FROM pg_inherits AS i JOIN below ON below.inhrelid = i.inhparent)
              SELECT jsonb_object_agg(format('%I.%I', bn.nspname, b.relname),
                       CASE o.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE' END)
              FROM below JOIN pg_trigger AS o ON o.tgrelid = below.inhrelid JOIN pg_class AS b ON b.oid = o.tgrelid
              JOIN pg_namespace AS bn ON bn.oid = b.relnamespace
              WHERE o.tgname = g.tgname AND o.tgparentid <> 0 AND o.tgenabled <> g.tgenabled) END))
  FROM pg_trigger AS g JOIN pg_class AS c ON c.oid = g.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE /* of g.tgrelid */ NOT g.tgisinternal AND g.tgparentid = 0
    AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.deptype = 'e' AND d.classid = 2620 AND d.objid = g.oid)
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.deptype = 'e' AND d.objsubid = 0 AND d.classid = 1259 AND d.objid = c.oid)
$facts$;
COMMENT ON FUNCTION steward.trigger_facts() IS
'Facts of triggers: definition, and how it is enabled where that is not as usual, here or in partitions that have it from here.';

CREATE FUNCTION steward.rule_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'rule', format('%I ON %I.%I', r.rulename, n.nspname, c.relname),
         CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'f' THEN 'foreign table ' ELSE 'table ' END || format('%I.%I', n.nspname, c.relname),
         '2618:' || r.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'definition', rtrim(pg_get_ruledef(r.oid), E'; \n'),
           'enabled', CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' END))
  FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE /* of r.ev_class */ r.rulename <> '_RETURN' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.deptype = 'e' AND d.classid = 2618 AND d.objid = r.oid)
    AND NOT EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.deptype = 'e' AND d.objsubid = 0 AND d.classid = 1259 AND d.objid = c.oid)
$facts$;
COMMENT ON FUNCTION steward.rule_facts() IS 'Facts of rewrite rules: definition, and how it is enabled where that is not as usual.';

CREATE FUNCTION steward.event_trigger_facts()
RETURNS TABLE (kind text, identity text, parent text, address text, definition jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  SELECT 'event trigger', quote_ident(e.evtname), NULL::text, '3466:' || e.oid || ':0',
         jsonb_strip_nulls(jsonb_build_object(
           'owner', quote_ident(pg_get_userbyid(e.evtowner)),
           'create', format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s()', e.evtname, e.evtevent,
                            ' WHEN tag IN (' || (SELECT string_agg(quote_literal(tag), ', ' ORDER BY n)
                                                 FROM unnest(e.evttags) WITH ORDINALITY AS u (tag, n)) || ')',
                            e.evtfoid::regproc),
           'enabled', CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' END))
  FROM pg_event_trigger AS e
  WHERE NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 3466 AND d.objid = e.oid AND d.deptype = 'e')
$facts$;
COMMENT ON FUNCTION steward.event_trigger_facts() IS 'Facts of event triggers: owner, definition, how it is enabled.';
