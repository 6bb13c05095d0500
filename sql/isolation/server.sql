-- The server's own holes: row security was mended in minor releases, the last time on 2026-11-12 (CVE-2026-116311,
-- -116327, -120154, -16237 and others: release notes of 15.20).
CREATE FUNCTION steward.server_problems() RETURNS SETOF steward.isolation_problem
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NULL::regclass, v.running, 'server_outdated', 'error',
         format('PostgreSQL %s lacks mendings of row security that came with %s', v.running, v.needed),
           'Update the server to its latest minor release.'
  FROM (SELECT current_setting('server_version_num')::integer AS number, split_part(current_setting('server_version'), ' ', 1) AS running,
               f.needed, f.floor
        FROM (VALUES (15, '15.20', 150020), (16, '16.16', 160016), (17, '17.12', 170012), (18, '18.7', 180007)) AS f (major, needed, floor)
        WHERE f.major = current_setting('server_version_num')::integer / 10000) AS v
  WHERE v.number < v.floor
$$;
COMMENT ON FUNCTION steward.server_problems() IS 'Whether the server''s minor release lacks a mending of row security.';
