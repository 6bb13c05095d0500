CREATE PROCEDURE count_notes(INOUT total bigint)
    LANGUAGE sql
    BEGIN ATOMIC
        SELECT count(*) FROM notes WHERE body <> ';';
    END;
