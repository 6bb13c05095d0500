-- Generated rows, with the parents that their foreign keys ask for. "who" is an owner: {"identity": ..., "group": ...}.
CREATE FUNCTION steward.owner_value(t steward.isolation_terms, who jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN CASE WHEN t.members IS NULL THEN who ->> 'identity' ELSE who ->> 'group' END;
COMMENT ON FUNCTION steward.owner_value(steward.isolation_terms, jsonb) IS 'What stands in the owner column of that owner''s rows.';

CREATE FUNCTION steward.key_condition(key jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT string_agg(format('r.%I = %L', k.key, k.value), ' AND ' ORDER BY k.key) FROM jsonb_each_text(key) AS k);
COMMENT ON FUNCTION steward.key_condition(jsonb) IS 'The condition that finds a row, named r, by these values.';

CREATE FUNCTION steward.insert_statement(relation regclass, row_values jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT format('INSERT INTO %s AS r (%s) OVERRIDING SYSTEM VALUE VALUES (%s)', relation,
                      string_agg(quote_ident(v.key), ', ' ORDER BY v.key), string_agg(quote_nullable(v.value), ', ' ORDER BY v.key))
        FROM jsonb_each_text(row_values) AS v);
COMMENT ON FUNCTION steward.insert_statement(regclass, jsonb) IS 'The INSERT of a row with these values; explicit ones for identity columns too.';

CREATE FUNCTION steward.existing_row(relation regclass, key jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  result jsonb;
BEGIN
  EXECUTE format('SELECT to_jsonb(r) FROM %s AS r WHERE %s LIMIT 1', relation, steward.key_condition(key)) INTO result;
  RETURN result;
END
$$;
COMMENT ON FUNCTION steward.existing_row(regclass, jsonb) IS 'A row with these values, as far as the caller sees it.';

-- Rows that nobody may write are written by the table's owner, whom row security binds unless it pauses. All of it is
-- rolled back.
CREATE FUNCTION steward.insert_row(relation regclass, row_values jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  paused boolean := coalesce((SELECT (i.terms).writers = 'nobody' OR (i.terms).members IS NOT NULL FROM steward.isolated AS i
                              WHERE i.relation = insert_row.relation), false) AND row_security_active(relation);
  result jsonb;
BEGIN
  IF paused THEN
    EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', relation);
  END IF;
  EXECUTE steward.insert_statement(relation, row_values) || ' RETURNING to_jsonb(r) || jsonb_build_object(''ctid'', r.ctid, ''tableoid'', r.tableoid::oid)' INTO result;
  IF paused THEN
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
  END IF;
  RETURN result;
END
$$;
COMMENT ON FUNCTION steward.insert_row(regclass, jsonb) IS 'Inserts a row and returns it whole, with its ctid and tableoid.';

CREATE FUNCTION steward.foreign_key_maps(relation regclass) RETURNS TABLE (parent regclass, map jsonb, optional boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.confrelid::regclass, jsonb_object_agg(c.attname, p.attname), bool_or(NOT c.attnotnull AND c.attidentity = '')
  FROM pg_constraint AS f, unnest(f.conkey, f.confkey) AS k (child, parent), pg_attribute AS c, pg_attribute AS p
  WHERE f.contype = 'f' AND f.conrelid = relation AND f.conparentid = 0 AND c.attrelid = f.conrelid AND c.attnum = k.child
    AND p.attrelid = f.confrelid AND p.attnum = k.parent
  GROUP BY f.oid, f.conname, f.confrelid
  ORDER BY count(*) DESC, f.conname
$$;
COMMENT ON FUNCTION steward.foreign_key_maps(regclass) IS
'A table''s foreign keys: the parent, which column references which, and whether NULL leaves it out. Those of several columns first: they fix more.';

CREATE FUNCTION steward.owner_in(parent regclass, map jsonb, who jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN coalesce((SELECT jsonb_build_object((i.terms).owner_column, steward.owner_value(i.terms, who))
                 FROM steward.isolated AS i, jsonb_each_text(map) AS m
                 WHERE i.relation = parent AND m.value = (i.terms).owner_column), '{}');
COMMENT ON FUNCTION steward.owner_in(regclass, jsonb, jsonb) IS
'The owner, by the column''s name, where a foreign key references the owner column of its parent; else an empty object.';

CREATE FUNCTION steward.with_parents(relation regclass, fixed jsonb, who jsonb, depth integer) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  link record;
  key jsonb;
  parent_row jsonb;
BEGIN
  FOR link IN SELECT * FROM steward.foreign_key_maps(relation) LOOP
    CONTINUE WHEN link.optional AND (link.parent = relation OR NOT EXISTS (SELECT FROM steward.isolated AS i WHERE i.relation = link.parent)
                                     OR depth > 2);
    key := steward.owner_in(link.parent, link.map, who) ||
           (SELECT coalesce(jsonb_object_agg(m.value, fixed -> m.key), '{}') FROM jsonb_each_text(link.map) AS m
            WHERE fixed ->> m.key IS NOT NULL);
    parent_row := CASE WHEN (SELECT count(*) FROM jsonb_object_keys(key)) = (SELECT count(*) FROM jsonb_object_keys(link.map))
                       THEN steward.existing_row(link.parent, key) END;
    parent_row := coalesce(parent_row, steward.make_row(link.parent, key, who, depth + 1));
    fixed := fixed || (SELECT jsonb_object_agg(m.key, parent_row ->> m.value) FROM jsonb_each_text(link.map) AS m);
  END LOOP;
  RETURN fixed;
END
$$;
COMMENT ON FUNCTION steward.with_parents(regclass, jsonb, jsonb, integer) IS
'The fixed values, and those of the foreign keys to parents, which are made for the same owner. Optional ones are made where the parent is isolated.';

CREATE FUNCTION steward.make_values(relation regclass, fixed jsonb, who jsonb, depth integer DEFAULT 0) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t steward.isolation_terms;
BEGIN
  IF depth > 8 THEN
    RAISE EXCEPTION 'the foreign keys of % lead in a circle', relation USING ERRCODE = 'ST010';
  END IF;
  SELECT (i.terms).* INTO t FROM steward.isolated AS i WHERE i.relation = make_values.relation;
  IF t.owner_column IS NOT NULL AND NOT fixed ? t.owner_column THEN
    fixed := fixed || jsonb_build_object(t.owner_column, steward.owner_value(t, who));
  END IF;
  RETURN steward.new_values(relation, steward.with_parents(relation, fixed, who, depth));
END
$$;
COMMENT ON FUNCTION steward.make_values(regclass, jsonb, jsonb, integer) IS
'Values for a new row of that owner; the parents it needs are inserted. Errors: ST010 and those of the inserts.';

CREATE FUNCTION steward.make_row(relation regclass, fixed jsonb, who jsonb, depth integer DEFAULT 0) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  attempt integer := 0;
BEGIN
  LOOP
    BEGIN
      RETURN steward.insert_row(relation, steward.make_values(relation, fixed, who, depth));
    EXCEPTION
      WHEN unique_violation OR exclusion_violation THEN
        attempt := attempt + 1;
        IF attempt = 5 THEN
          RAISE;
        END IF;
    END;
  END LOOP;
END
$$;
COMMENT ON FUNCTION steward.make_row(regclass, jsonb, jsonb, integer) IS
'Inserts a new row of that owner, with its parents, and returns it; tries again when its random values are taken. Errors: ST010 and those of the inserts.';
