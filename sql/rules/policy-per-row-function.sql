-- A function outside a sub-select is called for each row; inside, once for the statement. Read from the tree that the
-- server keeps, where a sub-select is a node, not from text: an alias or a rewritten expression makes no difference.
CREATE FUNCTION steward.tree_shape(tree text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT pg_catalog.string_agg(t[1], '') FROM pg_catalog.regexp_matches(tree, '(?<!\\)(\{FUNCEXPR :funcid \d+|\{[A-Z]+|\})',
  'g') AS t);
COMMENT ON FUNCTION steward.tree_shape(text) IS
'What steward.calls_per_row() looks at of a stored expression. Thousands of policies of one kind have one shape.';

CREATE FUNCTION steward.calls_per_row(shape text) RETURNS SETOF oid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH token AS MATERIALIZED (
    SELECT n, t[1] AS text, sum(CASE t[1] WHEN '}' THEN -1 ELSE 1 END) OVER (ORDER BY n) AS depth
    FROM regexp_matches(shape, '(\{FUNCEXPR :funcid \d+|\{[A-Z]+|\})', 'g') WITH ORDINALITY AS m (t, n)),
  node AS MATERIALIZED (
    SELECT o.n, o.text, (SELECT min(c.n) FROM token AS c WHERE c.n > o.n AND c.text = '}' AND c.depth = o.depth - 1) AS ends
    FROM token AS o WHERE o.text LIKE '{FUNCEXPR %' OR o.text IN ('{SUBLINK', '{VAR'))
  SELECT p.oid
  FROM node AS f JOIN pg_proc AS p ON p.oid = split_part(f.text, ' ', 3)::oid
  WHERE f.text LIKE '{FUNCEXPR %' AND p.provolatile <> 'i'
    AND NOT EXISTS (SELECT FROM node AS s WHERE s.text = '{SUBLINK' AND s.n < f.n AND s.ends > f.ends)
    -- What depends on the row must be called for the row.
    AND NOT EXISTS (SELECT FROM node AS v WHERE v.text = '{VAR' AND v.n > f.n AND v.n < f.ends)
$$;
COMMENT ON FUNCTION steward.calls_per_row(text) IS
'The functions that a stored expression calls for each row although they do not depend on it: not immutable, without a column among their '
'arguments, outside every sub-select.';

CREATE FUNCTION steward.rule_policy_per_row_function(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH policy AS MATERIALIZED (
    SELECT p.oid, p.relation, p.name, p.table_identity, concat(p.using_tree::text, p.check_tree::text) AS tree
    FROM steward.catalog_policy AS p),
  -- Ten thousand policies of one kind are a handful of trees, and those have one shape.
  kind AS MATERIALIZED (
    SELECT k.tree, steward.tree_shape(k.tree) AS shape FROM (SELECT DISTINCT tree FROM policy) AS k WHERE k.tree LIKE '%{FUNCEXPR %'),
  called AS MATERIALIZED (
    SELECT s.shape, string_agg(DISTINCT f.proname || '(...)', ', ') AS names
    FROM (SELECT DISTINCT shape FROM kind) AS s, LATERAL steward.calls_per_row(s.shape) AS c (oid) JOIN pg_proc AS f ON f.oid = c.oid
    GROUP BY s.shape)
  SELECT steward.blame('pg_policy', p.oid, p.relation,
    format('policy %I of %s calls %s for each row', p.name, p.table_identity, c.names),
    format('in a sub-select it is called once: (SELECT %s)', c.names))
  FROM policy AS p JOIN kind AS k ON k.tree = p.tree JOIN called AS c ON c.shape = k.shape
$$;
SELECT steward.add_rule('policy-per-row-function', 'warning', 'A policy that calls a function for each row');
