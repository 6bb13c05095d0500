INSERT INTO ${schema}.postings (id, amount, text) VALUES (1, 10.50, 'opening; balance'), (2, -3, NULL);
