CREATE TABLE customers (id bigserial PRIMARY KEY, name text NOT NULL DEFAULT 'Zoë');
ALTER TABLE orders ADD COLUMN customer_id bigint REFERENCES customers;
