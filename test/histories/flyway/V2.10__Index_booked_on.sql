CREATE INDEX CONCURRENTLY postings_booked_on ON ${schema}.postings (booked_on);
