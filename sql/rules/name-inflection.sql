-- Good practice disagrees, so it is a policy: singular, plural, or off. Only the last word counts.
CREATE FUNCTION steward.rule_name_inflection(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', t.oid, t.oid, format('the name %s is not %s', t.identity, options ->> 'number'),
    'rename it when its clients are changed anyway: a rename breaks them')
  FROM steward.catalog_table AS t
       CROSS JOIN LATERAL (SELECT lower(regexp_replace(regexp_replace(t.name, '^.*_', ''), '^.*[a-z](?=[A-Z])', '')) AS word) AS w
       CROSS JOIN LATERAL (SELECT w.word ~ '[^s]s$' AND w.word !~ '(ss|us|is)$'
                           OR w.word IN ('people', 'children', 'men', 'women') AS plural) AS p
  WHERE options ->> 'number' IN ('singular', 'plural') AND NOT options -> 'uncountable' ? w.word
    AND p.plural <> (options ->> 'number' = 'plural')
    AND NOT EXISTS (SELECT FROM steward.catalog_link_table AS l WHERE l.oid = t.oid)
$$;
SELECT steward.add_rule('name-inflection', 'warning', 'A table''s name in another number than the configured one',
  options => '{"number": "off", "uncountable": ["news", "data", "metadata", "series", "species", "status", "address", "bus", "lens", "analysis", "basis", "access", "process", "progress", "business", "sms", "gas", "alias", "canvas", "media", "info", "settings", "history", "inventory", "stock", "equipment", "staff", "audit", "feedback"]}');
