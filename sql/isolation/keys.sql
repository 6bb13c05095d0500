-- Keys: what referential integrity and uniqueness tell, since they see all rows; and the index the policy needs.
CREATE FUNCTION steward.telling_keys() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.relation, x.relname::text, CASE WHEN k.indisprimary THEN 'key_guessable' ELSE 'unique_without_owner' END,
         CASE WHEN k.indisprimary THEN 'note' ELSE 'warning' END,
         format(CASE WHEN k.indisprimary THEN '%s tells whether a number is taken, by anybody: a row of that key cannot be inserted'
                     ELSE '%s tells whether another owner has the value' END, x.oid::regclass),
         CASE WHEN k.indisprimary THEN 'Keys of type uuid cannot be guessed.'
              ELSE format('Make it unique for each owner: (%I, %s).', (i.terms).owner_column,
                          coalesce(steward.column_list(steward.column_names(i.relation, k.indkey::smallint[])), '...')) END
  FROM steward.isolated AS i
  JOIN pg_index AS k ON k.indrelid = i.relation AND (k.indisunique OR k.indisexclusion)
  JOIN pg_class AS x ON x.oid = k.indexrelid
  WHERE (i.terms).readers = 'owner' AND i.root = i.relation
    AND NOT EXISTS (SELECT FROM pg_attribute AS a
                    WHERE a.attrelid = i.relation AND a.attname = (i.terms).owner_column AND a.attnum = ANY (k.indkey::smallint[]))
    AND NOT (k.indisprimary AND EXISTS (SELECT FROM pg_attribute AS a
                                        WHERE a.attrelid = i.relation AND a.attnum = ANY (k.indkey::smallint[])
                                          AND a.atttypid = 'uuid'::regtype))
$$;
COMMENT ON FUNCTION steward.telling_keys() IS 'Unique keys and exclusions of isolated tables that do not have the owner, and so tell of other owners'' values.';

CREATE FUNCTION steward.ownerless_references() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.relation, f.name::text, 'foreign_key_without_owner', 'error',
         format('%s of %s reaches rows of %s that belong to others', f.name, i.relation, f.parent),
         format('SELECT * FROM steward.isolate(%L, ...); again makes it carry the owner.', i.root)
  FROM steward.isolated AS i, LATERAL steward.open_foreign_keys(i.relation, i.terms) AS f
  UNION ALL
  SELECT i.relation, f.conname::text, 'foreign_key_to_owner', 'note',
         format('%s of %s may name any owner in %s, and tells whether he is there', f.conname, i.relation, p.relation),
         'Where rows are meant to name others, as an assignee does, that is how it is.'
  FROM pg_constraint AS f JOIN steward.isolated AS i ON i.relation = f.conrelid
  JOIN steward.isolated AS p ON p.relation = f.confrelid AND (p.terms).readers = 'owner'
  WHERE f.contype = 'f' AND f.conparentid = 0
    AND (p.terms).owner_column = ANY (steward.column_names(f.confrelid, f.confkey))
    AND (i.terms).owner_column <> ALL (steward.column_names(f.conrelid, f.conkey))
  UNION ALL
  SELECT f.conrelid::regclass, f.conname::text, 'foreign_key_from_outside', 'warning',
         format('%s of %s, which is not isolated, tells whether a row of %s is there', f.conname, f.conrelid::regclass,
                f.confrelid::regclass),
         format('SELECT * FROM steward.isolate(%L, through => %L);', f.conrelid::regclass, f.confrelid::regclass)
  FROM pg_constraint AS f JOIN steward.isolated AS i ON i.relation = f.confrelid AND (i.terms).readers = 'owner'
  WHERE f.contype = 'f' AND f.conparentid = 0 AND NOT EXISTS (SELECT FROM steward.isolated AS o WHERE o.relation = f.conrelid)
    AND steward.is_user_table(f.conrelid)
    AND EXISTS (SELECT FROM steward.privileges(f.conrelid) AS g WHERE steward.is_bound(g.role))
$$;
COMMENT ON FUNCTION steward.ownerless_references() IS 'Foreign keys to isolated tables that do not carry the owner.';

CREATE FUNCTION steward.owner_columns() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.relation, (i.terms).owner_column::text, p.problem, p.severity, format(p.message, (i.terms).owner_column, i.relation),
         format(p.hint, i.relation, (i.terms).owner_column)
  FROM steward.isolated AS i LEFT JOIN pg_attribute AS a ON a.attrelid = i.relation AND a.attname = (i.terms).owner_column,
       LATERAL (VALUES
         (NOT a.attnotnull, 'owner_nullable', 'warning', 'column %I of %s may be NULL: such a row is nobody''s',
          'ALTER TABLE %s ALTER COLUMN %I SET NOT NULL;'),
         (NOT steward.has_owner_index(i.relation, a.attname), 'no_owner_index', 'warning',
          'no index begins with %I of %s: each query reads the whole table, and takes longer the more rows others have',
          'CREATE INDEX CONCURRENTLY ON %s (%I);')) AS p (found, problem, severity, message, hint)
  WHERE p.found AND (i.terms).owner_column IS NOT NULL
$$;
COMMENT ON FUNCTION steward.owner_columns() IS 'Owner columns that may be NULL or have no index.';
