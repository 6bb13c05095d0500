CREATE TYPE order_state AS ENUM ('new', 'paid');
CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    state order_state NOT NULL DEFAULT 'new',
    total_cents bigint NOT NULL CHECK (total_cents >= 0)
);
