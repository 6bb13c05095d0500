CREATE OR REPLACE VIEW ${schema}.balance AS
SELECT sum(amount) AS total FROM ${schema}.postings;
