CREATE VIEW sent_orders AS SELECT id, total_cents FROM orders WHERE state = 'sent';
COMMENT ON VIEW sent_orders IS 'line one
line two';
