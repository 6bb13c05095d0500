ALTER TABLE ${schema}.postings ADD COLUMN booked_on date;
