-- The hotel's rooms.
-- Words up here are allowed.

-- +goose Up
CREATE TABLE rooms (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE bookings (
    id integer PRIMARY KEY,
    room_id integer NOT NULL REFERENCES rooms, -- whose; not the guest's
    during tstzrange NOT NULL
);

-- +goose Down
DROP TABLE bookings;
DROP TABLE rooms;
