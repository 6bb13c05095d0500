-- Words before the first marker are nobody's.

-- migrate:up
CREATE FUNCTION lower_title() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
-- migrate:down is what this function undoes; here it is a comment in a body
    NEW.title := lower(NEW.title);
    RETURN NEW;
END
$$;
CREATE TRIGGER books_lower_title BEFORE INSERT OR UPDATE ON books
    FOR EACH ROW EXECUTE FUNCTION lower_title();

-- migrate:down
DROP TRIGGER books_lower_title ON books;
DROP FUNCTION lower_title();
