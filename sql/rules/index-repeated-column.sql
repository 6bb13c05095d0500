-- The second time it only takes room. Two classes of one column (for = and for LIKE) are two keys.
CREATE FUNCTION steward.rule_index_repeated_column(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', i.oid, i.relation,
    format('index %I of %s has %s twice', i.name, i.table_identity, steward.column_list(i.relation, r.columns)),
    'make it with each column once, and drop this one',
    CASE WHEN n.plain THEN steward.index_fix(i.relation, n.once) || ' ' || steward.drop_index_fix(i.oid) END,
    CASE WHEN n.plain THEN steward.drop_index_undo(i.oid) || ' ' || steward.index_undo(i.relation, n.once) END)
  FROM steward.catalog_index AS i
       CROSS JOIN LATERAL (
         SELECT array_agg(number) AS columns
         FROM (SELECT u.number FROM unnest(i.keys || i.included, i.classes) AS u (number, class) WHERE u.number <> 0
               GROUP BY u.number HAVING count(*) > 1 AND count(DISTINCT u.class) <= 1) AS g) AS r
       CROSS JOIN LATERAL (
         SELECT array_agg(number ORDER BY place) AS once,
                i.kind = 'i' AND NOT i.is_unique AND i.included = '{}' AND i.expressions IS NULL AND i.predicate IS NULL
                AND i.method = 'btree' AND 0 = ALL (i.directions) AS plain
         FROM (SELECT number, min(place) AS place FROM unnest(i.keys) WITH ORDINALITY AS u (number, place) GROUP BY number) AS o) AS n
  WHERE i.key_count + cardinality(i.included) > 1 AND r.columns IS NOT NULL
$$;
SELECT steward.add_rule('index-repeated-column', 'warning', 'An index that has a column twice');
