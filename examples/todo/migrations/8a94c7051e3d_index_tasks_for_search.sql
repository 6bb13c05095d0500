-- revision: 8a94c7051e3d
-- revises: 7d3e6b12f0c9
-- message: Index tasks for search
-- created: 2026-11-16T11:00:00Z

-- steward:upgrade transaction=off
-- Built while users go on writing tasks, which PostgreSQL does only outside a transaction.
CREATE INDEX CONCURRENTLY tasks_search
    ON tasks USING gin (to_tsvector('english', title || ' ' || description));

-- steward:downgrade transaction=off
DROP INDEX CONCURRENTLY tasks_search;
