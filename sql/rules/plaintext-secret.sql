-- By its name. A column called hash, digest or encrypted says that it is not plain.
CREATE FUNCTION steward.rule_plaintext_secret(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_class', c.relation, c.relation, format('%s.%I looks like a secret kept as plain text', c.table_identity, c.name),
    'keep a slow hash of passwords, a hash of tokens, ciphertext of what must be read again, and let the name say so', part => c.number)
  FROM steward.catalog_column AS c
  WHERE NOT c.is_inherited AND CASE WHEN c.type IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
        THEN c.name ~ (options ->> 'pattern') AND c.name !~ '(hash|digest|encrypted|crypt|cipher|salt|_at$|_id$)' END
$$;
SELECT steward.add_rule('plaintext-secret', 'warning', 'A secret kept as plain text, by its name',
  options => '{"pattern": "(^|_)(password|passwd|pwd|secret|(api|access|refresh|auth|reset)_token|api_key|private_key|ssn|credit_card|card_number|cvv|pin)$"}');
