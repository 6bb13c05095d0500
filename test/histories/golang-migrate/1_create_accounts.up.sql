CREATE TABLE accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text NOT NULL, -- a name; it may hold a ';' or a '--'
    note text DEFAULT 'a;b--c/*d' /* not a comment /* nested */ still */ NOT NULL
);
