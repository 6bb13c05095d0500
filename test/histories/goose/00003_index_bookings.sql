-- +goose NO TRANSACTION

-- +goose Up
CREATE INDEX CONCURRENTLY bookings_room_id ON bookings (room_id);
CREATE INDEX CONCURRENTLY bookings_during ON bookings USING gist (during);

-- +goose Down
DROP INDEX CONCURRENTLY bookings_during;
DROP INDEX CONCURRENTLY bookings_room_id;
