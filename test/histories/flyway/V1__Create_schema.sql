CREATE SCHEMA ${schema};
CREATE TABLE ${schema}.postings (
    id integer PRIMARY KEY,
    amount numeric NOT NULL
);
COMMENT ON TABLE ${schema}.postings IS '${owner_comment}';
