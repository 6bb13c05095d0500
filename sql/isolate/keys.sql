-- Foreign keys between isolated tables carry the owner along: (owner, parent_id) -> parent (owner, id). A plain one would
-- let a row hang on another owner's, tell that a key exists, and cascade into other owners' rows: the checks of
-- referential integrity see all rows.
CREATE FUNCTION steward.column_names(relation regclass, numbers smallint[]) RETURNS name[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN ARRAY(SELECT a.attname FROM unnest(numbers) WITH ORDINALITY AS k (attnum, position)
             JOIN pg_attribute AS a ON a.attrelid = relation AND a.attnum = k.attnum ORDER BY k.position);
COMMENT ON FUNCTION steward.column_names(regclass, smallint[]) IS 'The names of columns by their numbers, in that order.';

CREATE FUNCTION steward.column_list(columns name[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT string_agg(quote_ident(c), ', ' ORDER BY position) FROM unnest(columns) WITH ORDINALITY AS u (c, position));
COMMENT ON FUNCTION steward.column_list(name[]) IS 'Column names, quoted and separated by commas.';

-- The foreign keys of a table that lead to a table isolated on the same kind of owner and do not carry the owner.
CREATE FUNCTION steward.open_foreign_keys(relation regclass, t steward.isolation_terms)
RETURNS TABLE (name name, parent regclass, parent_owner name, columns name[], parent_columns name[], constraint_oid oid)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.conname, f.confrelid, p.owner_column, k.columns, k.parent_columns, f.oid
  FROM pg_constraint AS f
  CROSS JOIN LATERAL (SELECT steward.column_names(f.conrelid, f.conkey), steward.column_names(f.confrelid, f.confkey))
    AS k (columns, parent_columns)
  JOIN LATERAL (SELECT (i.terms).* FROM steward.isolated AS i WHERE i.relation = f.confrelid AND f.confrelid <> f.conrelid
                UNION ALL SELECT t.* WHERE f.confrelid = f.conrelid) AS p ON true
  WHERE f.contype = 'f' AND f.conrelid = relation AND f.conparentid = 0
    AND t.owner_column IS NOT NULL AND p.owner_column IS NOT NULL AND p.readers = 'owner'
    AND p.members IS NOT DISTINCT FROM t.members
    AND steward.identity_call(p.owner_type) = steward.identity_call(t.owner_type)
    AND t.owner_column <> ALL (k.columns) AND p.owner_column <> ALL (k.parent_columns)
    AND pg_get_constraintdef(f.oid) NOT LIKE '%PERIOD %'
  ORDER BY f.conname
$$;
COMMENT ON FUNCTION steward.open_foreign_keys(regclass, steward.isolation_terms) IS
'The foreign keys from this table to tables isolated on the same kind of owner which do not carry the owner.';

CREATE FUNCTION steward.has_key(relation regclass, columns name[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN EXISTS (SELECT FROM pg_index AS i
               WHERE i.indrelid = relation AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
                 AND i.indexprs IS NULL AND i.indnkeyatts = cardinality(columns)
                 AND (SELECT array_agg(a.attname ORDER BY a.attname) FROM pg_attribute AS a
                      WHERE a.attrelid = relation AND a.attnum = ANY ((i.indkey::smallint[])[0:i.indnkeyatts - 1]))
                     = (SELECT array_agg(c ORDER BY c) FROM unnest(columns) AS c));
COMMENT ON FUNCTION steward.has_key(regclass, name[]) IS 'Whether a unique index that a foreign key can use covers exactly these columns.';

CREATE FUNCTION steward.plan_parent_key(relation regclass, parent regclass, columns name[], online boolean)
RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_class record;
  key_name name;
  staged boolean;
BEGIN
  SELECT relnamespace, relname, relkind INTO of_class FROM pg_class WHERE oid = parent;
  key_name := steward.free_name(of_class.relnamespace, of_class.relname, '_' || array_to_string(columns, '_') || '_key');
  staged := coalesce(online, false) AND of_class.relkind = 'r';
  IF staged THEN
    RETURN QUERY SELECT 2, format('build a key of %s that has the owner', parent),
      format('CREATE UNIQUE INDEX CONCURRENTLY %I ON %s (%s)', key_name, parent, steward.column_list(columns)), '[]'::jsonb;
  END IF;
  RETURN QUERY SELECT CASE WHEN online THEN 3 ELSE 1 END, format('give %s a key that has the owner', parent),
    format('ALTER TABLE %s ADD CONSTRAINT %I UNIQUE %s', parent, key_name,
           CASE WHEN staged THEN format('USING INDEX %I', key_name) ELSE format('(%s)', steward.column_list(columns)) END),
    CASE WHEN parent = relation THEN jsonb_build_array(jsonb_build_object('kind', 'key', 'name', key_name)) ELSE '[]' END;
  IF parent <> relation THEN
    RETURN QUERY SELECT CASE WHEN online THEN 3 ELSE 1 END, 'record the key',
      format('SELECT steward.remember_key(%L, %L)', parent, key_name),
                        '[]'::jsonb;
  END IF;
END
$$;
COMMENT ON FUNCTION steward.plan_parent_key(regclass, regclass, name[], boolean) IS
'What gives a parent a unique constraint on owner and key, for its children''s foreign keys.';

CREATE FUNCTION steward.key_action(code "char", columns name[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN CASE code WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                 WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END
       || CASE WHEN code IN ('n', 'd') THEN format(' (%s)', steward.column_list(columns)) ELSE '' END;
COMMENT ON FUNCTION steward.key_action("char", name[]) IS
'The action of a foreign key as SQL; SET NULL and SET DEFAULT name their columns, so that the owner stays.';

CREATE FUNCTION steward.check_key_action(relation regclass, key pg_constraint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF key.confupdtype IN ('n', 'd') OR (key.confmatchtype = 'f' AND cardinality(key.conkey) > 1) THEN
    RAISE EXCEPTION 'foreign key "%" of % cannot be made to carry the owner', key.conname, relation
      USING ERRCODE = 'feature_not_supported',
            DETAIL = 'ON UPDATE SET NULL, ON UPDATE SET DEFAULT and MATCH FULL would act on the owner too.',
            HINT = 'Replace it by one without them first.';
  END IF;
END
$$;
COMMENT ON FUNCTION steward.check_key_action(regclass, pg_constraint) IS 'Refuses a foreign key whose actions have no equal that spares the owner. Error: 0A000.';

CREATE FUNCTION steward.foreign_key_with_owner(relation regclass, key pg_constraint, owner_column name, parent_owner name)
RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN format('FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE %s ON UPDATE %s%s%s',
              steward.column_list(owner_column || steward.column_names(relation, key.conkey)), key.confrelid::regclass,
              steward.column_list(parent_owner || steward.column_names(key.confrelid, key.confkey)),
              steward.key_action(key.confdeltype, steward.column_names(relation, coalesce(key.confdelsetcols, key.conkey))),
              steward.key_action(key.confupdtype, NULL), CASE WHEN key.condeferrable THEN ' DEFERRABLE' ELSE '' END,
              CASE WHEN key.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END);
COMMENT ON FUNCTION steward.foreign_key_with_owner(regclass, pg_constraint, name, name) IS
'A foreign key''s definition with the owner in front of its columns, its actions and its deferral kept.';

CREATE FUNCTION steward.plan_foreign_keys(relation regclass, t steward.isolation_terms) RETURNS SETOF steward.isolation_action
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  link record;
  key pg_constraint;
  planned text[] := '{}';
  wanted name[];
  staged boolean := t.online AND (SELECT relkind = 'r' FROM pg_class WHERE oid = relation);
  section integer := CASE WHEN t.online THEN 3 ELSE 1 END;
BEGIN
  FOR link IN SELECT * FROM steward.open_foreign_keys(relation, t) LOOP
    SELECT c.* INTO key FROM pg_constraint AS c WHERE c.oid = link.constraint_oid;
    PERFORM steward.check_key_action(relation, key);
    wanted := link.parent_owner || link.parent_columns;
    IF NOT steward.has_key(link.parent, wanted) AND format('%s %s', link.parent, wanted) <> ALL (planned) THEN
      planned := planned || format('%s %s', link.parent, wanted);
      RETURN QUERY SELECT * FROM steward.plan_parent_key(relation, link.parent, wanted, t.online);
    END IF;
    RETURN QUERY SELECT * FROM steward.unforced(ARRAY[relation, link.parent], section, 'before');
    RETURN QUERY SELECT section, format('let %s carry the owner', link.name),
      format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %2$I %s%s', relation, link.name,
             steward.foreign_key_with_owner(relation, key, t.owner_column, link.parent_owner),
             CASE WHEN staged OR NOT key.convalidated THEN ' NOT VALID' ELSE '' END),
      jsonb_build_array(jsonb_build_object('kind', 'replaced', 'name', link.name));
    IF staged AND key.convalidated THEN
      RETURN QUERY SELECT section, format('check %s', link.name),
                          format('ALTER TABLE %s VALIDATE CONSTRAINT %I', relation, link.name), '[]'::jsonb;
    END IF;
    RETURN QUERY SELECT * FROM steward.unforced(ARRAY[relation, link.parent], section, 'after');
  END LOOP;
END
$$;
COMMENT ON FUNCTION steward.plan_foreign_keys(regclass, steward.isolation_terms) IS
'What makes the foreign keys to isolated tables carry the owner, under their own names. Error: 0A000.';
