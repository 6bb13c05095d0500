-- Where there is a table of users, and rows that have an owner, every other table has its owner column, or is listed as
-- shared. Where ownership through a parent counts, a chain of NOT NULL foreign keys that cascade is enough. A table that
-- refers to nothing owned may well be shared: that is a warning.
CREATE FUNCTION steward.rule_user_table_missing_user_id(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE direct AS MATERIALIZED (
    SELECT steward.user_table(options) AS oid
    UNION SELECT a.attrelid FROM pg_attribute AS a JOIN steward.catalog_table AS t ON t.oid = a.attrelid
          WHERE a.attname = options ->> 'owner_column' AND NOT a.attisdropped),
  owned AS (
    SELECT oid FROM direct
    UNION SELECT k.relation FROM owned AS o JOIN steward.catalog_foreign_key AS k ON k.referenced = o.oid AND k.on_delete = 'c'
          WHERE (options ->> 'ownership_through_parent')::boolean
            AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = k.relation AND a.attnum = ANY (k.columns)
                            AND NOT a.attnotnull)),
  related AS (
    SELECT oid FROM direct
    UNION SELECT k.relation FROM related AS o JOIN steward.catalog_foreign_key AS k ON k.referenced = o.oid)
  SELECT steward.blame('pg_class', t.oid, t.oid,
    format(CASE WHEN r.oid IS NULL THEN 'nothing says whose rows %s holds, or that they are shared'
           ELSE '%s belongs to users and has no column %I' END,
           t.identity, options ->> 'owner_column'),
    format('SELECT steward.isolate(%L); or, if its rows are everybody''s, list it in the policy shared_tables', t.identity),
    level => CASE WHEN r.oid IS NULL THEN 'warning' END)
  FROM steward.catalog_table AS t LEFT JOIN related AS r ON r.oid = t.oid
  WHERE t.oid NOT IN (SELECT oid FROM owned WHERE oid IS NOT NULL) AND NOT steward.is_listed(t.schema_name, t.name,
    options -> 'shared_tables')
    AND (options ->> 'user_table' IS NOT NULL AND steward.user_table(options) IS NOT NULL OR steward.user_table(options) IS NOT NULL
         AND EXISTS (SELECT FROM direct AS d WHERE d.oid <> steward.user_table(options)))
$$;
SELECT steward.add_rule('user-table-missing-user-id', 'error', 'A table of users'' rows without its owner column');
