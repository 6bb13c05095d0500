-- A catalog of :tables tables, as an application with isolated rows has them, each with seven columns, a key, a foreign
-- key, three indexes and two policies. Made in batches: one transaction for all would need more locks than a server has.
CREATE SCHEMA bench;
CREATE TABLE bench.users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE);
CREATE PROCEDURE bench.make(first integer, last integer) LANGUAGE plpgsql AS $$
BEGIN
  FOR n IN first..last LOOP
    EXECUTE format(
      'CREATE TABLE bench.t%1$s (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
         user_id uuid NOT NULL REFERENCES bench.users ON DELETE CASCADE, title text NOT NULL, status varchar(20) NOT NULL,
         amount numeric(12, 2), created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now())', n);
    EXECUTE format('CREATE INDEX ON bench.t%1$s (user_id, created_at)', n);
    -- Every tenth has something to be found.
    EXECUTE format(CASE WHEN n % 10 = 0 THEN 'CREATE INDEX ON bench.t%1$s (user_id)' ELSE 'CREATE INDEX ON bench.t%1$s (status)' END, n);
    EXECUTE format('ALTER TABLE bench.t%1$s ENABLE ROW LEVEL SECURITY', n);
    EXECUTE format('CREATE POLICY own ON bench.t%1$s USING (user_id = (SELECT current_setting(''app.user'')::uuid))', n);
    EXECUTE format('CREATE POLICY floor ON bench.t%1$s AS RESTRICTIVE USING (user_id = current_setting(''app.user'')::uuid)', n);
  END LOOP;
END
$$;
SELECT format('CALL bench.make(%s, %s)', n, least(n + 249, :tables)) FROM generate_series(1, :tables, 250) AS n \gexec
ANALYZE pg_class, pg_attribute, pg_index, pg_constraint, pg_depend, pg_policy;
