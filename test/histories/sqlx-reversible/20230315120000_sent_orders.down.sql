DROP VIEW sent_orders;
