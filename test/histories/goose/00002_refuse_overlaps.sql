-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION refuse_overlap() RETURNS trigger
    LANGUAGE plpgsql
    AS $fn$
BEGIN
    /* a comment; with a semicolon and a quote ' */
    IF EXISTS (SELECT FROM bookings b
                WHERE b.room_id = NEW.room_id AND b.during && NEW.during AND b.id <> NEW.id) THEN
        RAISE EXCEPTION 'room % is taken', NEW.room_id;
    END IF;
    RETURN NEW;
END;
$fn$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER bookings_refuse_overlap BEFORE INSERT OR UPDATE ON bookings
    FOR EACH ROW EXECUTE FUNCTION refuse_overlap();
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TRIGGER bookings_refuse_overlap ON bookings;
DROP FUNCTION refuse_overlap();
-- +goose StatementEnd
