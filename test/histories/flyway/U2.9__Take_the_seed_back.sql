DELETE FROM ${schema}.postings WHERE id IN (1, 2);
