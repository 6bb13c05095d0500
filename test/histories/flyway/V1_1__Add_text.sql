ALTER TABLE ${schema}.postings ADD COLUMN text character varying(200);
