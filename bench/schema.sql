-- A schema of :tables tables in schemas of a hundred, each with five columns, a key, a foreign key to its neighbour and an
-- index; every tenth with a view, a function and a comment. Made in batches: one transaction for all would need more locks
-- than a server has.
CREATE PROCEDURE make_tables(first integer, last integer) LANGUAGE plpgsql AS $$
BEGIN
  FOR n IN first..last LOOP
    IF n % 100 = 1 THEN EXECUTE format('CREATE SCHEMA s%s', (n - 1) / 100); END IF;
    EXECUTE format(
      'CREATE TABLE s%1$s.t%2$s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, other bigint, title varchar(40) NOT NULL,
         amount numeric(12,2) DEFAULT 0 CHECK (amount >= 0), created_at timestamp with time zone DEFAULT now() NOT NULL)', (n - 1) / 100, n);
    EXECUTE format('CREATE INDEX ON s%1$s.t%2$s (other, created_at)', (n - 1) / 100, n);
    IF n % 100 <> 1 THEN
      EXECUTE format('ALTER TABLE s%1$s.t%2$s ADD FOREIGN KEY (other) REFERENCES s%1$s.t%3$s (id)', (n - 1) / 100, n, n - 1);
    END IF;
    IF n % 10 = 0 THEN
      EXECUTE format('CREATE VIEW s%1$s.v%2$s AS SELECT t.id, t.title FROM s%1$s.t%2$s AS t WHERE t.amount > 0::numeric', (n - 1) / 100, n);
      EXECUTE format('CREATE FUNCTION s%1$s.f%2$s(n bigint) RETURNS bigint LANGUAGE sql AS ''SELECT n + 1''', (n - 1) / 100, n);
      EXECUTE format('COMMENT ON TABLE s%1$s.t%2$s IS ''the table of number %2$s''', (n - 1) / 100, n);
    END IF;
  END LOOP;
END
$$;
SELECT format('CALL make_tables(%s, %s)', n, least(n + 199, :tables)) FROM generate_series(1, :tables, 200) AS n \gexec
DROP PROCEDURE make_tables;
ANALYZE pg_class, pg_attribute, pg_index, pg_constraint, pg_depend, pg_attrdef, pg_type, pg_proc, pg_rewrite, pg_description;
