-- +goose Up
INSERT INTO rooms VALUES (1, 'Seaview'), (2, 'it''s the "attic"; mind your head');

-- +goose Down
