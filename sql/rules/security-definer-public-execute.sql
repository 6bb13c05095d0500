-- Everybody may call every new function: for one that runs with its owner's rights that is a door. Trigger functions
-- cannot be called.
CREATE FUNCTION steward.rule_security_definer_public_execute(options jsonb) RETURNS SETOF steward.found
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT steward.blame('pg_proc', f.oid, NULL, format('everybody may call %s, which is SECURITY DEFINER', f.identity),
    'revoke it, and grant it to the roles that need it',
    format('REVOKE EXECUTE ON %s %s FROM PUBLIC;', f.word, f.identity), format('GRANT EXECUTE ON %s %s TO PUBLIC;', f.word, f.identity))
  FROM steward.catalog_function AS f
  WHERE f.is_definer AND f.returns NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
    AND EXISTS (SELECT FROM aclexplode(coalesce(f.acl, acldefault('f', f.owner))) AS p WHERE p.grantee = 0 AND p.privilege_type = 'EXECUTE')
$$;
SELECT steward.add_rule('security-definer-public-execute', 'error', 'A SECURITY DEFINER function that everybody may call');
