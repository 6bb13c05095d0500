-- A hundred changes of the schema that bench/schema.sql makes: twenty each of a new column, another type, a new index, a new
-- table, and a view that says something else.
SELECT format(c.text, (n * 10 - 1) / 100, n * 10, n)
FROM generate_series(1, 20) AS n,
  (VALUES ('ALTER TABLE s%1$s.t%2$s ADD COLUMN note text DEFAULT ''none'''),
          ('DROP VIEW s%1$s.v%2$s'),
          ('ALTER TABLE s%1$s.t%2$s ALTER COLUMN title TYPE text'),
          ('CREATE VIEW s%1$s.v%2$s AS SELECT t.id, t.title, t.note FROM s%1$s.t%2$s AS t'),
          ('CREATE INDEX ON s%1$s.t%2$s (title)'),
          ('CREATE TABLE s0.new%3$s (id bigint PRIMARY KEY, t bigint REFERENCES s%1$s.t%2$s)')) AS c (text) \gexec
