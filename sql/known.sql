-- What is known of the schema: of each object its tally and its fingerprint, so that the fingerprint of the whole is had from
-- the objects that were touched since, and from what depends on them. It is a cache: whatever is wrong with it, or missing, is
-- computed anew, and in another database nothing of it holds. So it is a member of the extension, and no dump carries it.
CREATE TABLE steward.known_object (
  class        oid NOT NULL,
  object       oid NOT NULL,
  tally        bigint,
  id           text COLLATE "C",
  parent       text COLLATE "C",
  fingerprint  bytea,
  PRIMARY KEY (class, object)
);
REVOKE ALL ON steward.known_object FROM PUBLIC;
COMMENT ON TABLE steward.known_object IS
'What each object of the schema was when it was last looked at: tally, id, schema, fingerprint (NULL: it is no fact of its own). A cache of steward.known_fingerprint().';

-- The oids under which parts of these objects have comments.
CREATE FUNCTION steward.parts_of(objects oid[]) RETURNS oid[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT objects || ARRAY(
    SELECT oid FROM pg_constraint WHERE conrelid = ANY (objects) OR contypid = ANY (objects) UNION ALL
    SELECT indexrelid FROM pg_index WHERE indrelid = ANY (objects) UNION ALL
    SELECT oid FROM pg_trigger WHERE tgrelid = ANY (objects) AND NOT tgisinternal UNION ALL
    SELECT oid FROM pg_policy WHERE polrelid = ANY (objects) UNION ALL
    SELECT oid FROM pg_rewrite WHERE ev_class = ANY (objects))
$$;
COMMENT ON FUNCTION steward.parts_of(oid[]) IS 'These objects, and the constraints, indexes, triggers, policies and rules that are parts of them.';

-- A query of sql/snapshot, with all that it calls, made to look up $1, the objects, and $2, their parts, instead of reading everything.
-- What tells of no object of these catalogs is not asked: planning it would cost more than the rest.
CREATE FUNCTION steward.facts_query(name text, classes oid[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  query text;
  columns text;
  nothing text;
  called text;
BEGIN
  SELECT p.prosrc, string_agg(quote_ident(u.argument), ', ' ORDER BY u.n), string_agg('NULL::' || u.type::regtype, ', ' ORDER BY u.n)
  INTO STRICT query, columns, nothing
  FROM pg_proc AS p, unnest(p.proargnames, p.proallargtypes) WITH ORDINALITY AS u (argument, type, n)
  WHERE p.oid = to_regprocedure(format('steward.%I()', name))
  GROUP BY p.prosrc;
  IF name NOT IN ('objects', 'facts')
     AND (query !~ '/\* (part )?of '
          OR CASE name WHEN 'type_facts' THEN 1247 WHEN 'routine_facts' THEN 1255 WHEN 'statistics_facts' THEN 3381
                           WHEN 'publication_facts' THEN 6104 WHEN 'schema_facts' THEN 2615 ELSE classes[1] END <> ALL (classes)) THEN
    RETURN format('SELECT * FROM (SELECT %s WHERE false) AS r (%s)', nothing, columns);
  END IF;
  FOR called IN SELECT DISTINCT m[1] FROM regexp_matches(query, 'steward\.(\w+)\(\)', 'g') AS m LOOP
    query := replace(query, format('steward.%s()', called), '(' || steward.facts_query(called, classes) || ')');
  END LOOP;
  query := regexp_replace(query, '/\* of ([a-z.]+) \*/', '\1 = ANY ($1) AND', 'g');
  query := regexp_replace(query, '/\* of ([a-z.]+) or ([a-z.]+) \*/', '(\1 = ANY ($1) OR \2 = ANY ($1)) AND', 'g');
  query := regexp_replace(query, '/\* part of ([a-z.]+) \*/', '\1 = ANY ($2) AND', 'g');
  RETURN format('SELECT * FROM (%s) AS r (%s)', query, columns);
END
$$;
COMMENT ON FUNCTION steward.facts_query(text, oid[]) IS
'The text of a query of sql/snapshot that looks up objects of these catalogs instead of reading them whole.';

CREATE FUNCTION steward.objects_of(classes oid[], objects oid[])
RETURNS TABLE (class oid, object oid, id text, parent text, fingerprint bytea)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off SET datestyle = 'ISO, YMD' SET intervalstyle = 'postgres'
SET timezone = 'UTC' SET extra_float_digits = 1 SET bytea_output = 'hex' SET quote_all_identifiers = off AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT f.* FROM (%s) AS f WHERE (f.class, f.object) IN (SELECT * FROM unnest($3, $1))',
                              steward.facts_query('objects', classes))
  USING objects, steward.parts_of(objects), classes;
END
$$;
COMMENT ON FUNCTION steward.objects_of(oid[], oid[]) IS
'The rows of steward.objects() for these objects, at the cost of these alone. What is no object of the schema has no row.';

-- Whose text may be another one when these objects have changed: names of columns and labels, of what is called and used, are in
-- the definitions of what depends on them. A table that is only reached has kept the names that others use: it goes no further.
CREATE FUNCTION steward.dependents_of(classes oid[], objects oid[]) RETURNS TABLE (class oid, object oid)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  WITH RECURSIVE reached (class, object, spreads) AS (
    SELECT u.class, u.object, u.class <> 2615 FROM unnest(classes, objects) AS u (class, object)
    UNION
    SELECT x.class, x.object, x.class <> 1259 OR (SELECT c.relkind NOT IN ('r', 'p', 'f') FROM pg_class AS c WHERE c.oid = x.object)
    FROM reached AS r
    CROSS JOIN LATERAL (
      SELECT r.class, r.object UNION ALL
      SELECT 1259, i.indexrelid FROM pg_index AS i WHERE r.class = 1259 AND i.indrelid = r.object UNION ALL
      SELECT 2606, k.oid FROM pg_constraint AS k WHERE r.class = 1259 AND k.conrelid = r.object UNION ALL
      SELECT 1247, t.oid FROM pg_class AS c JOIN pg_type AS e ON e.oid = c.reltype JOIN pg_type AS t ON t.oid IN (e.oid, e.typarray)
      WHERE r.class = 1259 AND c.oid = r.object UNION ALL
      SELECT 1259, t.typrelid FROM pg_type AS t WHERE r.class = 1247 AND t.oid = r.object AND t.typrelid <> 0 UNION ALL
      SELECT 1247, t.typarray FROM pg_type AS t WHERE r.class = 1247 AND t.oid = r.object AND t.typarray <> 0 UNION ALL
      SELECT 1247, g.rngmultitypid FROM pg_range AS g WHERE r.class = 1247 AND g.rngtypid = r.object
    ) AS part (class, object)
    JOIN pg_depend AS d ON d.refclassid = part.class AND d.refobjid = part.object AND d.deptype <> 'e'
    CROSS JOIN LATERAL (
      SELECT 1259::oid, coalesce(i.indrelid, s.refobjid, c.oid)
      FROM pg_class AS c LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
      LEFT JOIN pg_depend AS s ON c.relkind = 'S' AND s.classid = 1259 AND s.objid = c.oid AND s.refclassid = 1259 AND s.deptype = 'i'
      WHERE d.classid = 1259 AND c.oid = d.objid AND c.relkind NOT IN ('c', 't') UNION ALL
      SELECT 1247, c.reltype FROM pg_class AS c WHERE d.classid = 1259 AND c.oid = d.objid AND c.relkind = 'c' UNION ALL
      SELECT CASE k.conrelid WHEN 0 THEN 1247 ELSE 1259 END, CASE k.conrelid WHEN 0 THEN k.contypid ELSE k.conrelid END
      FROM pg_constraint AS k WHERE d.classid = 2606 AND k.oid = d.objid UNION ALL
      SELECT 1259, a.adrelid FROM pg_attrdef AS a WHERE d.classid = 2604 AND a.oid = d.objid UNION ALL
      SELECT 1259, w.ev_class FROM pg_rewrite AS w WHERE d.classid = 2618 AND w.oid = d.objid UNION ALL
      SELECT 1259, g.tgrelid FROM pg_trigger AS g WHERE d.classid = 2620 AND g.oid = d.objid UNION ALL
      SELECT 1259, p.polrelid FROM pg_policy AS p WHERE d.classid = 3256 AND p.oid = d.objid UNION ALL
      SELECT 6104, p.prpubid FROM pg_publication_rel AS p WHERE d.classid = 6106 AND p.oid = d.objid UNION ALL
      SELECT 6104, p.pnpubid FROM pg_publication_namespace AS p WHERE d.classid = 6237 AND p.oid = d.objid UNION ALL
      SELECT d.classid, d.objid WHERE d.classid NOT IN (1259, 2606, 2604, 2618, 2620, 3256, 6106, 6237)
    ) AS x (class, object)
    WHERE r.spreads
  )
  SELECT DISTINCT r.class, r.object FROM reached AS r
  UNION  -- the sequence of an identity is told of with its table
  SELECT 1259, s.refobjid FROM unnest(classes, objects) AS u (class, object)
  JOIN pg_depend AS s ON u.class = 1259 AND s.classid = 1259 AND s.objid = u.object AND s.refclassid = 1259 AND s.deptype = 'i'
$$;
COMMENT ON FUNCTION steward.dependents_of(oid[], oid[]) IS
'These objects, and those in whose definitions something of them may be written, as far as it can reach.';

-- Tallies are read before definitions, and the lock between them takes in what other sessions announced: what
-- changes meanwhile is at worst looked at once more.
CREATE FUNCTION steward.look_at_objects() RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  modelled constant oid[] := '{1259,1247,1255,3381,6104,2615}';
  found jsonb;
  classes oid[];
  objects oid[];
  whole boolean;
BEGIN
  SELECT jsonb_agg(jsonb_build_array(coalesce(t.class, k.class), coalesce(t.object, k.object), t.tally)),
         array_agg(coalesce(t.class, k.class)), array_agg(coalesce(t.object, k.object)),
         coalesce(bool_or(coalesce(t.class, k.class) = 0
                          OR k.class = 2615 AND t.class = 2615 AND k.id IS DISTINCT FROM
                               (SELECT 'schema ' || quote_ident(n.nspname) FROM pg_namespace AS n WHERE n.oid = k.object)), false)
  INTO found, classes, objects, whole
  FROM steward.tallies() AS t FULL JOIN steward.known_object AS k ON k.class = t.class AND k.object = t.object
  WHERE t.tally IS DISTINCT FROM k.tally;
  IF found IS NULL THEN
    RETURN 0;
  END IF;
  LOCK TABLE steward.known_object IN SHARE ROW EXCLUSIVE MODE;
  IF NOT whole THEN
    SELECT array_agg(d.class), array_agg(d.object), bool_or(d.class <> ALL (modelled)) INTO classes, objects, whole
    FROM steward.dependents_of(classes, objects) AS d;
  END IF;
  DELETE FROM steward.known_object AS k USING jsonb_array_elements(found) AS f
  WHERE k.class = (f ->> 0)::oid AND k.object = (f ->> 1)::oid;
  INSERT INTO steward.known_object (class, object, tally)
  SELECT (f ->> 0)::oid, (f ->> 1)::oid, (f ->> 2)::bigint FROM jsonb_array_elements(found) AS f WHERE f ->> 2 IS NOT NULL;
  IF whole THEN
    -- What has no tally of its own, such as a cast, is counted under class 0.
    DELETE FROM steward.known_object AS k WHERE k.tally IS NULL;
    UPDATE steward.known_object SET id = NULL, parent = NULL, fingerprint = NULL;
    INSERT INTO steward.known_object AS k (class, object, id, parent, fingerprint) SELECT o.* FROM steward.objects() AS o
    ON CONFLICT (class, object) DO UPDATE SET id = excluded.id, parent = excluded.parent, fingerprint = excluded.fingerprint;
    RETURN (SELECT count(*) FROM steward.known_object);
  END IF;
  UPDATE steward.known_object AS k SET id = h.id, parent = h.parent, fingerprint = h.fingerprint
  FROM unnest(classes, objects) AS u (class, object)
  LEFT JOIN steward.objects_of(classes, objects) AS h ON h.class = u.class AND h.object = u.object
  WHERE k.class = u.class AND k.object = u.object;
  RETURN cardinality(objects);
END
$$;
COMMENT ON FUNCTION steward.look_at_objects() IS
'Brings steward.known_object up to what the schema is now. Returns how many objects had to be looked at. Locks: SHARE ROW EXCLUSIVE on steward.known_object, when something changed.';


CREATE FUNCTION steward.fingerprint_of_known() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(coalesce(string_agg(g.hash, '' ORDER BY g.id), '')), 'hex')
  FROM (SELECT coalesce(k.parent, k.id) AS id, sha256(string_agg(k.fingerprint, '' ORDER BY k.id)) AS hash
        FROM steward.known_object AS k WHERE k.id IS NOT NULL GROUP BY 1) AS g
$$;
COMMENT ON FUNCTION steward.fingerprint_of_known() IS 'The fingerprint of the schema as it was when it was last looked at.';

CREATE FUNCTION steward.known_fingerprint() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM steward.look_at_objects();
  RETURN steward.fingerprint_of_known();
END
$$;
COMMENT ON FUNCTION steward.known_fingerprint() IS
'steward.fingerprint(), had from what is known already: only what was touched since the last call is looked at. Locks: as steward.look_at_objects().';
