-- All facts, with the attributes that are said of any of them: comments, labels, privileges. Where a query of this folder says
-- /* of x */ behind WHERE, x is the object that its facts are part of, and in /* part of x */ the part itself:
-- steward.hashes_of makes conditions of both.
CREATE FUNCTION steward.facts()
RETURNS TABLE (id text, kind text, identity text, parent text, address text, definition jsonb, hash text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
SET timezone = 'UTC' SET extra_float_digits = 1 SET bytea_output = 'hex' SET quote_all_identifiers = off
SET work_mem = '64MB' AS $facts$
  WITH fact AS MATERIALIZED (
    SELECT f.* FROM steward.schema_facts() AS f UNION ALL
    SELECT f.* FROM steward.extension_facts() AS f UNION ALL
    SELECT f.* FROM steward.type_facts() AS f UNION ALL
    SELECT f.* FROM steward.sequence_facts() AS f UNION ALL
    SELECT f.* FROM steward.table_facts() AS f UNION ALL
    SELECT f.* FROM steward.column_facts() AS f UNION ALL
    SELECT f.* FROM steward.constraint_facts() AS f UNION ALL
    SELECT f.* FROM steward.index_facts() AS f UNION ALL
    SELECT f.* FROM steward.view_facts() AS f UNION ALL
    SELECT f.* FROM steward.routine_facts() AS f UNION ALL
    SELECT f.* FROM steward.trigger_facts() AS f UNION ALL
    SELECT f.* FROM steward.rule_facts() AS f UNION ALL
    SELECT f.* FROM steward.event_trigger_facts() AS f UNION ALL
    SELECT f.* FROM steward.policy_facts() AS f UNION ALL
    SELECT f.* FROM steward.statistics_facts() AS f UNION ALL
    SELECT f.* FROM steward.publication_facts() AS f UNION ALL
    SELECT f.* FROM steward.foreign_facts() AS f UNION ALL
    SELECT f.* FROM steward.other_facts() AS f UNION ALL
    SELECT f.* FROM steward.default_privilege_facts() AS f UNION ALL
    SELECT f.* FROM steward.initial_privilege_facts() AS f
  ), attribute AS (
    SELECT a.address, jsonb_object_agg(a.name, a.value) AS more
    FROM (SELECT f.* FROM steward.privilege_attributes() AS f UNION ALL SELECT f.* FROM steward.comment_attributes() AS f) AS a
    GROUP BY 1
  ), whole AS (
    -- A varchar IN list does not survive deparse and parse: the cast to text moves from the array to its elements.
    -- Both mean the same; the second form stays as it is.
    SELECT f.kind || ' ' || f.identity AS id, f.kind, f.identity, f.parent, f.address,
           CASE WHEN (f.kind <> 'column' OR f.definition ?| '{default,generated}') AND d.text LIKE '%::character varying])::text[]%' THEN
             regexp_replace(regexp_replace(d.text, $re$('(?:[^']|'')*'::character varying)(?=[,\]])$re$, '(\1)::text', 'g'),
               $re$\(ARRAY\[((?:\('(?:[^']|'')*'::character varying\)::text(?:, )?)+)\]\)::text\[\]$re$, 'ARRAY[\1]', 'g')::jsonb
                ELSE f.definition END || coalesce(a.more, '{}') AS definition
    FROM fact AS f CROSS JOIN LATERAL (SELECT f.definition::text) AS d (text)
    LEFT JOIN attribute AS a USING (address)
  )
  SELECT w.id, w.kind, w.identity, w.parent, w.address, w.definition,
         encode(sha256(convert_to(w.id || (w.definition - '{position,acl_default,sequence_acl_default,own_comment,own_storage,relocatable,unpopulated,option_order}'::text[])::text,
                                  'UTF8')), 'hex')
  FROM whole AS w
$facts$;
COMMENT ON FUNCTION steward.facts() IS
'The facts of steward.snapshot() without what they need, in no order, with their address in this database: catalog:oid:column.';

-- The snapshot: all facts under names, nothing of it particular to this database, server or release.
CREATE FUNCTION steward.snapshot()
RETURNS TABLE (id text, kind text, identity text, parent text, needs text[], definition jsonb, hash text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $facts$
  WITH fact AS MATERIALIZED (
    SELECT f.* FROM steward.facts() AS f
  ), place AS MATERIALIZED (
    SELECT f.address, f.id FROM fact AS f
    UNION
    SELECT a.address, f.id FROM steward.address_aliases() AS a JOIN fact AS f ON f.address = a.target
    WHERE NOT EXISTS (SELECT FROM fact AS own WHERE own.address = a.address)
  ), need AS (
    SELECT p.id, array_agg(DISTINCT q.id COLLATE "C" ORDER BY q.id COLLATE "C") AS needs
    FROM steward.dependencies() AS d JOIN place AS p ON p.address = d.address JOIN place AS q ON q.address = d.needs
    WHERE p.id <> q.id
    GROUP BY 1
  )
  SELECT f.id, f.kind, f.identity, f.parent, coalesce(n.needs, '{}'), f.definition, f.hash
  FROM fact AS f LEFT JOIN need AS n ON n.id = f.id
  ORDER BY f.id COLLATE "C"
$facts$;
COMMENT ON FUNCTION steward.snapshot() IS
'The schema as facts: id ("column public.task.title"), kind, identity, the fact it is part of, the facts it needs, its definition, and the SHA-256 of id and definition. Members of extensions and schema steward are left out. The same schema gives the same facts in every database and on every release. Locks: AccessShareLock on catalogs.';

CREATE FUNCTION steward.snapshot_json() RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.id COLLATE "C"), '[]') FROM steward.snapshot() AS s
$$;
COMMENT ON FUNCTION steward.snapshot_json() IS 'steward.snapshot() as one JSON array.';

-- Each fact belongs to the object at its root (a column to its table), each object to its schema.
CREATE FUNCTION steward.objects()
RETURNS TABLE (class oid, object oid, id text, parent text, fingerprint bytea)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $facts$
  WITH fact AS MATERIALIZED (SELECT f.* FROM steward.facts() AS f), part AS (
    SELECT coalesce(p.address, f.address) AS address, coalesce(p.id, f.id) AS id,
           CASE WHEN p.id IS NULL THEN f.parent ELSE p.parent END AS parent, f.id AS part, f.hash
    FROM fact AS f LEFT JOIN fact AS p ON p.id = f.parent AND p.kind <> 'schema'
  )
  SELECT split_part(p.address, ':', 1)::oid, split_part(p.address, ':', 2)::oid, p.id, p.parent,
         sha256(convert_to(string_agg(p.hash, ',' ORDER BY p.part COLLATE "C"), 'UTF8'))
  FROM part AS p
  GROUP BY p.address, p.id, p.parent
$facts$;
COMMENT ON FUNCTION steward.objects() IS
'The objects of the schema: catalog and oid in this database, id, schema, and the SHA-256 of the hashes of all their facts.';

CREATE FUNCTION steward.fingerprints() RETURNS TABLE (level text, id text, fingerprint text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH object AS MATERIALIZED (SELECT o.* FROM steward.objects() AS o),
  grouped AS (
    SELECT coalesce(o.parent, o.id) AS id, sha256(string_agg(o.fingerprint, '' ORDER BY o.id COLLATE "C")) AS hash
    FROM object AS o GROUP BY 1
  )
  SELECT 'object', o.id, encode(o.fingerprint, 'hex') FROM object AS o
  UNION ALL
  SELECT 'schema', g.id, encode(g.hash, 'hex') FROM grouped AS g WHERE g.id LIKE 'schema %'
  UNION ALL
  SELECT 'database', current_database(),
         encode(sha256(coalesce(string_agg(g.hash, '' ORDER BY g.id COLLATE "C"), '')), 'hex') FROM grouped AS g
  ORDER BY 1, 2
$$;
COMMENT ON FUNCTION steward.fingerprints() IS
'SHA-256 of the schema as a tree: of each object with all its parts, of each schema, of the database. Equal fingerprints mean equal schemas; a difference names its object.';

CREATE FUNCTION steward.fingerprint() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.fingerprint FROM steward.fingerprints() AS f WHERE f.level = 'database'
$$;
COMMENT ON FUNCTION steward.fingerprint() IS 'The fingerprint of the whole schema, as the ledger records it.';
