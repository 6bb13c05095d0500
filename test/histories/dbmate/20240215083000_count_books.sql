-- migrate:up
CREATE FUNCTION count_books() RETURNS bigint
    LANGUAGE sql STABLE
    BEGIN ATOMIC
        SELECT CASE WHEN count(*) > 0 THEN count(*) ELSE 0 END FROM books;
    END;
