ALTER TABLE ${schema}.postings DROP COLUMN booked_on;
