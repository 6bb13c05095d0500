-- migrate:up
COPY books (isbn, title, published) FROM stdin;
978-0	A; B -- C	2001-02-03
978-1	It's $$ here	\N
-- migrate:down	in data	\N
\.

-- migrate:down
DELETE FROM books;
