-- The owner of the table passes its policies by, and many applications connect as the owner.
CREATE FUNCTION steward.rule_rls_not_forced(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('the owner of %s, %s, passes its policies by', t.identity, r.rolname),
    'FORCE makes them hold for the owner; a revision that fills the table then needs row_security = off and a role with BYPASSRLS',
    format('ALTER TABLE %s FORCE ROW LEVEL SECURITY;', t.identity), format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY;', t.identity))
  FROM steward.catalog_table AS t JOIN pg_roles AS r ON r.oid = t.owner WHERE t.row_security AND NOT t.forced
$$;
SELECT steward.add_rule('rls-not-forced', 'warning', 'Row level security that the table''s owner passes by');
