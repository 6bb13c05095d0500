-- The catalog as rules look at it: what users made, in words, in sets. What belongs to an extension, to the system,
-- to us, or to another migration tool is not here; neither is what is temporary. Partitions are here only where they
-- have something of their own (an index or a constraint that their parent does not have).
CREATE FUNCTION steward.is_tool_table(name name) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN name = ANY ('{alembic_version,schema_migrations,schema_migration,ar_internal_metadata,flyway_schema_history,_prisma_migrations,
  goose_db_version,__diesel_schema_migrations,_sqlx_migrations,databasechangelog,databasechangeloglock,knex_migrations,
  knex_migrations_lock,pgmigrations,django_migrations,seaql_migrations,atlas_schema_revisions}'::name[]);
COMMENT ON FUNCTION steward.is_tool_table(name) IS 'Whether a table of this name is another migration tool''s own.';

CREATE VIEW steward.catalog_schema AS
SELECT n.oid, n.nspname::text AS name, n.nspowner AS owner, n.nspacl AS acl
FROM pg_namespace AS n
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_namespace'::regclass
                  AND d.objid = n.oid AND d.deptype = 'e');
COMMENT ON VIEW steward.catalog_schema IS 'The schemas that users made.';

CREATE VIEW steward.catalog_relation AS
SELECT c.oid, n.nspname::text AS schema_name, c.relname::text AS name, c.relkind AS kind, c.relispartition AS is_partition,
       format('%I.%I', n.nspname, c.relname) AS identity, c.relpersistence AS persistence, c.relowner AS owner, c.relacl AS acl,
       c.relrowsecurity AS row_security, c.relforcerowsecurity AS forced, greatest(c.reltuples, 0) AS tuples,
       c.relpages AS pages, c.reloptions AS settings, n.oid AS schema
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward') AND NOT steward.is_tool_table(c.relname)
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_class'::regclass
                  AND d.objid = c.oid AND d.deptype = 'e');
COMMENT ON VIEW steward.catalog_relation IS
'Tables, views, materialized views, foreign tables and sequences that users made; partitions too.';

CREATE VIEW steward.catalog_table AS
SELECT * FROM steward.catalog_relation WHERE kind IN ('r', 'p') AND NOT is_partition;
COMMENT ON VIEW steward.catalog_table IS 'The tables that users made; of a partitioned one only the parent.';

CREATE VIEW steward.catalog_domain AS
WITH RECURSIVE step AS (
  SELECT oid AS domain, typbasetype AS base, typtypmod AS modifier, typnotnull AS not_null FROM pg_type WHERE typtype = 'd'
  UNION ALL
  SELECT s.domain, t.typbasetype, CASE WHEN s.modifier = -1 THEN t.typtypmod ELSE s.modifier END, s.not_null OR t.typnotnull
  FROM step AS s JOIN pg_type AS t ON t.oid = s.base AND t.typtype = 'd')
SELECT s.domain AS oid, s.base, s.modifier, s.not_null,
       EXISTS (SELECT FROM pg_constraint AS k WHERE k.contype = 'c' AND k.contypid = s.domain) AS checked
FROM step AS s JOIN pg_type AS t ON t.oid = s.base AND t.typtype <> 'd';
COMMENT ON VIEW steward.catalog_domain IS 'Every domain with the type it stands on in the end.';

CREATE VIEW steward.catalog_column AS
SELECT a.attrelid AS relation, a.attnum AS number, a.attname::text AS name, t.schema_name, t.name AS table_name,
       t.identity AS table_identity,
       t.tuples, coalesce(d.base, a.atttypid) AS type, coalesce(nullif(a.atttypmod, -1), d.modifier, -1) AS modifier,
       a.atttypid AS declared_type, coalesce(d.checked, false) AS checked_by_domain,
       -- A NOT NULL that is not validated (18) promises nothing yet.
       coalesce(d.not_null, false) OR a.attnotnull AND v.conrelid IS NULL AS not_null,
       a.atthasdef AND a.attgenerated = '' AS has_default, a.attidentity AS identity_kind, a.attgenerated AS generated,
       a.attcollation AS collation,
       -- Old-style inheritance: only the parent's column can be altered.
       a.attinhcount > 0 AS is_inherited, t.schema
FROM steward.catalog_table AS t
     JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN steward.catalog_domain AS d ON d.oid = a.atttypid
     LEFT JOIN pg_constraint AS v ON v.conrelid = t.oid AND v.contype = 'n' AND NOT v.convalidated AND v.conkey = ARRAY[a.attnum];
COMMENT ON VIEW steward.catalog_column IS 'The columns of the tables that users made; type and modifier are those below any domain.';

CREATE VIEW steward.catalog_default AS
SELECT adrelid AS relation, adnum AS number, pg_get_expr(adbin, adrelid) AS expression FROM pg_attrdef;
COMMENT ON VIEW steward.catalog_default IS 'Columns'' defaults as text. Join it only where few rows are left: every text is made anew.';

-- What ANALYZE saw, as pg_stats lets the caller see it. A function, since that view joins what few statistics there may be with
-- every column there is, unless nested loops are allowed, which our rules are better without.
CREATE FUNCTION steward.catalog_statistics() RETURNS TABLE (
  schema_name name, table_name name, column_name name, n_distinct real, null_frac real, histogram text)
LANGUAGE sql STABLE ROWS 10000 SET search_path = pg_catalog, pg_temp SET enable_nestloop = on AS $$
  SELECT s.schemaname, s.tablename, s.attname, s.n_distinct, s.null_frac, s.histogram_bounds::text FROM pg_stats AS s
  WHERE NOT s.inherited AND s.schemaname NOT IN ('pg_catalog', 'information_schema')
$$;
COMMENT ON FUNCTION steward.catalog_statistics() IS
'What ANALYZE knows of the columns whose rows the caller may read: how many values, the part that is NULL, the histogram.';

CREATE VIEW steward.catalog_index AS
SELECT i.indexrelid AS oid, i.indrelid AS relation, x.relname::text AS name, format('%I.%I', r.schema_name, x.relname) AS identity,
       r.identity AS table_identity, r.schema_name, r.name AS table_name, r.kind AS table_kind, r.tuples AS table_tuples,
       m.amname::text AS method, x.relkind AS kind, x.relpages AS pages, x.reltuples AS tuples,
       i.indisunique AS is_unique, i.indisprimary AS is_primary, i.indisvalid AND i.indislive AND i.indisready AS is_valid,
       i.indisreplident AS is_replica_identity, i.indimmediate AS is_immediate, i.indnullsnotdistinct AS nulls_not_distinct,
       i.indnkeyatts::integer AS key_count, (i.indkey::int2[])[0:i.indnkeyatts - 1] AS keys,
       (i.indkey::int2[])[i.indnkeyatts:i.indnatts - 1] AS included,
       (i.indclass::oid[])[0:i.indnkeyatts - 1] AS classes, (i.indcollation::oid[])[0:i.indnkeyatts - 1] AS collations,
       (i.indoption::int2[])[0:i.indnkeyatts - 1] AS directions,
       CASE WHEN i.indexprs IS NOT NULL THEN pg_get_expr(i.indexprs, i.indrelid) END AS expressions,
       CASE WHEN i.indpred IS NOT NULL THEN pg_get_expr(i.indpred, i.indrelid) END AS predicate,
       EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AS is_constraint,
       EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype = 'f') AS is_referenced
FROM pg_index AS i
     JOIN pg_class AS x ON x.oid = i.indexrelid AND NOT x.relispartition
     JOIN pg_am AS m ON m.oid = x.relam
     JOIN steward.catalog_relation AS r ON r.oid = i.indrelid;
COMMENT ON VIEW steward.catalog_index IS
'The indexes of what users made; of a partitioned index only the parent, of a partition those of its own. A key of 0 is an expression.';

CREATE VIEW steward.catalog_foreign_key AS
SELECT k.oid, k.conname::text AS name, k.conrelid AS relation, k.confrelid AS referenced, k.conkey AS columns,
       k.confkey AS referenced_columns,
       k.confdeltype AS on_delete, k.confmatchtype AS match, k.condeferrable AS is_deferrable, k.convalidated AS is_valid,
       k.conindid AS index, k.conpfeqop AS operators, r.schema_name, r.name AS table_name, r.identity AS table_identity, r.tuples
FROM pg_constraint AS k JOIN steward.catalog_relation AS r ON r.oid = k.conrelid
WHERE k.contype = 'f' AND k.conparentid = 0;
COMMENT ON VIEW steward.catalog_foreign_key IS 'The foreign keys of what users made, without the copies that partitions have.';

CREATE VIEW steward.catalog_link_table AS
SELECT t.oid, t.schema_name, t.name, t.identity, array_agg(k.columns[1] ORDER BY k.columns[1]) AS columns
FROM steward.catalog_table AS t
     JOIN steward.catalog_foreign_key AS k ON k.relation = t.oid AND cardinality(k.columns) = 1
WHERE NOT EXISTS (
  SELECT FROM pg_attribute AS a
  WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attname <> ALL ('{id,created_at,updated_at,created_by,updated_by,deleted_at,inserted_at,last_update,position}')
    AND NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid = t.oid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)))
GROUP BY t.oid, t.schema_name, t.name, t.identity
HAVING count(*) = 2 AND count(DISTINCT k.referenced) = 2 AND count(DISTINCT k.columns[1]) = 2;
COMMENT ON VIEW steward.catalog_link_table IS
'Tables that only link two others: two foreign keys of one column each, and no columns besides but keys and times.';

CREATE VIEW steward.catalog_policy AS
SELECT p.oid, p.polname::text AS name, p.polrelid AS relation, p.polcmd AS command, p.polpermissive AS is_permissive, p.polroles AS roles,
       p.polqual AS using_tree, p.polwithcheck AS check_tree, r.schema_name, r.name AS table_name, r.identity AS table_identity,
       r.row_security, r.forced
FROM pg_policy AS p JOIN steward.catalog_relation AS r ON r.oid = p.polrelid;
COMMENT ON VIEW steward.catalog_policy IS 'The row security policies on what users made.';

CREATE VIEW steward.catalog_protected_read AS
WITH RECURSIVE direct AS MATERIALIZED (
  SELECT DISTINCT w.ev_class AS view, d.refobjid AS relation
  FROM pg_rewrite AS w
       JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
         AND d.refobjid <> w.ev_class
  WHERE w.rulename = '_RETURN'),
deep AS (SELECT * FROM direct UNION SELECT p.view, d.relation FROM deep AS p JOIN direct AS d ON d.view = p.relation)
SELECT p.view, p.relation FROM deep AS p JOIN pg_class AS c ON c.oid = p.relation AND c.relrowsecurity;
COMMENT ON VIEW steward.catalog_protected_read IS 'Which views, over others or directly, read tables that have row level security.';

CREATE VIEW steward.catalog_function AS
SELECT p.oid, p.proname::text AS name, n.nspname::text AS schema_name, p.proowner AS owner, p.proacl AS acl, p.prokind AS kind,
       p.prosecdef AS is_definer, p.proconfig AS settings, l.lanname::text AS language, p.prorettype AS returns,
       format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS identity,
       CASE WHEN p.prokind = 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END AS word
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_language AS l ON l.oid = p.prolang
WHERE p.prokind IN ('f', 'p', 'w') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'steward')
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.refclassid = 'pg_extension'::regclass AND d.classid = 'pg_proc'::regclass
                  AND d.objid = p.oid AND d.deptype = 'e');
COMMENT ON VIEW steward.catalog_function IS 'The functions and procedures that users made.';

-- The table whose rows are the users: as configured, else the one that is called so and is there.
CREATE FUNCTION steward.user_table(options jsonb) RETURNS oid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(
    to_regclass(options ->> 'user_table'), to_regclass('public.' || (options ->> 'user_table')),
    (SELECT t.oid FROM steward.catalog_table AS t
     WHERE options ->> 'user_table' IS NULL AND t.name IN ('users', 'user', 'app_users', 'app_user')
     ORDER BY t.schema_name = 'public' DESC, t.name = 'users' DESC, t.name = 'user' DESC, t.schema_name COLLATE "C" LIMIT 1))
$$;
COMMENT ON FUNCTION steward.user_table(jsonb) IS
'The table of users: the policy user_table (schema.name), else a table called users, user, app_users or app_user; NULL: there is none.';

-- A table as a configured name says it: with its schema, or its name alone.
CREATE FUNCTION steward.is_listed(schema_name text, name text, list jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN list @> pg_catalog.jsonb_build_array(name) OR list @> pg_catalog.jsonb_build_array(schema_name || '.' || name);
COMMENT ON FUNCTION steward.is_listed(text, text, jsonb) IS 'Whether a list of names holds this table, as name or as schema.name.';

GRANT SELECT ON steward.catalog_schema, steward.catalog_relation, steward.catalog_table, steward.catalog_domain, steward.catalog_column,
  steward.catalog_default, steward.catalog_index, steward.catalog_foreign_key, steward.catalog_link_table, steward.catalog_policy,
  steward.catalog_protected_read, steward.catalog_function TO PUBLIC;
