CREATE OR REPLACE VIEW ${schema}.audit AS
SELECT id, booked_on FROM ${schema}.postings ORDER BY booked_on DESC;
