-- Pairs of families of tables (partitions, children, and what stands on them): before, after. Each
-- stands on its own; families_test goes there and back. "may warn": the server has no statement for
-- a part of it, and the diff says so.

-- pair: fk_of_remade_parent_dropped
CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE p (id int, u int REFERENCES u) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE p (id int, u int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);

-- pair: fk_of_remade_parent_changed
CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE p (id int, u int REFERENCES u) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE p (id int, u int REFERENCES u ON DELETE CASCADE) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);

-- pair: detach_with_fk_and_index
CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE p (id int, u int REFERENCES u, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX pu ON p (u);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE p (id int, u int REFERENCES u, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX pu ON p (u);
CREATE TABLE p1 (id int NOT NULL, u int);

-- pair: detach_keeps_fk
CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE p (id int, u int REFERENCES u, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX pu ON p (u);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE p (id int, u int REFERENCES u, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX pu ON p (u);
CREATE TABLE p1 (id int NOT NULL, u int, CONSTRAINT p1_pkey PRIMARY KEY (id));
ALTER TABLE p1 ADD CONSTRAINT p_u_fkey FOREIGN KEY (u) REFERENCES u;
CREATE INDEX p1_u_idx ON p1 (u);

-- pair: check_added_to_parent_with_moved
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE q (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE q (id int, n int, CONSTRAINT pos CHECK (n > 0)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF q FOR VALUES FROM (1) TO (20);

-- pair: check_added_to_remade_parent
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10) PARTITION BY LIST (n);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);
-- to:
CREATE TABLE p (id int, n int, CONSTRAINT pos CHECK (n > 0)) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (n);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);

-- pair: check_changed_on_remade_parent
CREATE TABLE p (id int, n int, CONSTRAINT pos CHECK (n > 1)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE TABLE p (id int, n int, CONSTRAINT pos CHECK (n > 0)) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);

-- pair: check_dropped_from_remade_parent
CREATE TABLE p (id int, n int, CONSTRAINT pos CHECK (n > 1)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10) PARTITION BY LIST (n);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (3);
-- to:
CREATE TABLE p (id int, n int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (n);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (3);

-- pair: detach_checks_stay_or_go
CREATE TABLE p (id int, n int, CONSTRAINT pos CHECK (n > 1)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
-- to:
CREATE TABLE p (id int, n int, CONSTRAINT pos CHECK (n > 1)) PARTITION BY RANGE (id);
CREATE TABLE p1 (id int, n int, CONSTRAINT pos CHECK (n > 1));
CREATE TABLE p2 (id int, n int);

-- pair: identity_column_new_on_parent
CREATE TABLE p (n int) PARTITION BY RANGE (n);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE TABLE p (n int, id int GENERATED ALWAYS AS IDENTITY) PARTITION BY RANGE (n);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);

-- pair: idx_only_some_attached
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
-- to:
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE INDEX pi ON ONLY p (n);
CREATE INDEX pi1 ON p1 (n);
ALTER INDEX pi ATTACH PARTITION pi1;

-- pair: idx_only_to_whole
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE INDEX pi ON ONLY p (n);
CREATE INDEX pi1 ON p1 (n);
ALTER INDEX pi ATTACH PARTITION pi1;
-- to:
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE INDEX pi ON ONLY p (n);
CREATE INDEX pi1 ON p1 (n);
CREATE INDEX pi2 ON p2 (n);
ALTER INDEX pi ATTACH PARTITION pi1;
ALTER INDEX pi ATTACH PARTITION pi2;

-- pair: idx_only_new_family
CREATE TABLE z ();
-- to:
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE INDEX pi ON ONLY p (n);

-- pair: idx_only_new_family_child_has_equal
CREATE TABLE z ();
-- to:
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE INDEX pi1 ON p1 (n);
CREATE INDEX pi ON ONLY p (n);

-- pair: idx_child_not_adopted_two_equal
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE INDEX mine ON p1 (n);
CREATE INDEX mine2 ON p1 (n);
-- to:
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE INDEX mine ON p1 (n);
CREATE INDEX mine2 ON p1 (n);
CREATE INDEX pi ON ONLY p (n);
ALTER INDEX pi ATTACH PARTITION mine2;

-- pair: idx_attach_crossed
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE INDEX pa ON ONLY p (n);
CREATE INDEX pb ON ONLY p (n);
CREATE INDEX a1 ON p1 (n);
CREATE INDEX b1 ON p1 (n);
ALTER INDEX pa ATTACH PARTITION b1;
ALTER INDEX pb ATTACH PARTITION a1;

-- pair: idx_crossed_with_new_partition
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE INDEX pa ON p (n);
CREATE INDEX pb ON p (n);
-- to:
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE INDEX pa ON p (n);
CREATE INDEX pb ON p (n);
CREATE TABLE p1 (id int, n int);
CREATE INDEX z1 ON p1 (n);
CREATE INDEX b1 ON p1 (n);
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);

-- pair: idx_three_deep
CREATE TABLE p (id int, k text, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10) PARTITION BY LIST (k);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN ('a');
-- to:
CREATE TABLE p (id int, k text, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10) PARTITION BY LIST (k);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN ('a');
CREATE INDEX pi ON p (n);
ALTER TABLE p ADD PRIMARY KEY (id, k);

-- pair: unique_index_whole_constraint_part (may refuse)
CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
ALTER TABLE p1 ADD CONSTRAINT c UNIQUE (id);
CREATE UNIQUE INDEX u ON p (id);

-- pair: unique_index_whole_constraint_part_drop (may refuse)
CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
ALTER TABLE p1 ADD CONSTRAINT c UNIQUE (id);
CREATE UNIQUE INDEX u ON p (id);
-- to:
CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
ALTER TABLE p1 ADD CONSTRAINT c UNIQUE (id);

-- pair: partition_moves_with_indexes_different
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE q (id int, n int) PARTITION BY RANGE (id);
CREATE INDEX ip ON p (n);
CREATE UNIQUE INDEX iq ON q (id);
CREATE TABLE a PARTITION OF p FOR VALUES FROM (1) TO (20);
-- to:
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE q (id int, n int) PARTITION BY RANGE (id);
CREATE INDEX ip ON p (n);
CREATE UNIQUE INDEX iq ON q (id);
CREATE TABLE a PARTITION OF q FOR VALUES FROM (1) TO (20);

-- pair: not_null_parent_child_had_it
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE a PARTITION OF p (n NOT NULL) FOR VALUES FROM (1) TO (20);
CREATE TABLE b PARTITION OF p FOR VALUES FROM (20) TO (30);
-- to:
CREATE TABLE p (id int, n int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE a PARTITION OF p (n NOT NULL) FOR VALUES FROM (1) TO (20);
CREATE TABLE b PARTITION OF p FOR VALUES FROM (20) TO (30);

-- pair: generated_ends_on_partitioned
CREATE TABLE p (id int, n int, g int GENERATED ALWAYS AS (n + 1) STORED) PARTITION BY RANGE (id);
CREATE TABLE a PARTITION OF p FOR VALUES FROM (1) TO (20);
-- to:
CREATE TABLE p (id int, n int, g int DEFAULT 3) PARTITION BY RANGE (id);
CREATE TABLE a PARTITION OF p FOR VALUES FROM (1) TO (20);

-- pair: generated_inh
CREATE TABLE a (n int, g int GENERATED ALWAYS AS (n + 1) STORED);
CREATE TABLE b (y int) INHERITS (a);
CREATE TABLE c (z int) INHERITS (b);
-- to:
CREATE TABLE a (n int, g int);
CREATE TABLE b (y int) INHERITS (a);
CREATE TABLE c (z int) INHERITS (b);

-- pair: inh_second_parent (may warn)
CREATE TABLE a (id int, x int);
CREATE TABLE a2 (id int, w int);
CREATE TABLE b (y int) INHERITS (a);
-- to:
CREATE TABLE a (id int, x int);
CREATE TABLE a2 (id int, w int);
CREATE TABLE b (y int) INHERITS (a, a2);

-- pair: inh_swap_parents (may warn)
CREATE TABLE a (id int, x int);
CREATE TABLE a2 (id int, x int);
CREATE TABLE b (y int) INHERITS (a);
-- to:
CREATE TABLE a (id int, x int);
CREATE TABLE a2 (id int, x int);
CREATE TABLE b (y int) INHERITS (a2);

-- pair: inh_parent_dropped_child_keeps_columns (may warn)
CREATE TABLE a (id int, x int CHECK (x > 0));
CREATE TABLE b (y int) INHERITS (a);
-- to:
CREATE TABLE b (id int, x int CHECK (x > 0), y int);

-- pair: inh_type_change_two_parents (may refuse)
CREATE TABLE a (id int, x int);
CREATE TABLE a2 (x int);
CREATE TABLE b (y int) INHERITS (a, a2);
-- to:
CREATE TABLE a (id int, x bigint);
CREATE TABLE a2 (x bigint);
CREATE TABLE b (y int) INHERITS (a, a2);

-- pair: inh_default_three_levels (may warn)
CREATE TABLE a (x int DEFAULT 1);
CREATE TABLE b () INHERITS (a);
CREATE TABLE c () INHERITS (b);
-- to:
CREATE TABLE a (x int DEFAULT 2);
CREATE TABLE b (x int DEFAULT 3) INHERITS (a);
CREATE TABLE c (x int DEFAULT 4) INHERITS (b);

-- pair: inh_column_moves_up_truly (may warn)
CREATE TABLE a (id int);
CREATE TABLE b (x int) INHERITS (a);
-- to:
CREATE TABLE a (id int, x int);
CREATE TABLE b () INHERITS (a);

-- pair: inh_partition_mix (may warn)
CREATE TABLE a (id int);
CREATE TABLE b () INHERITS (a);
-- to:
CREATE TABLE a (id int) PARTITION BY RANGE (id);
CREATE TABLE b PARTITION OF a FOR VALUES FROM (1) TO (10);

-- pair: inh_three_generations_drop_middle (may warn)
CREATE TABLE a (id int);
CREATE TABLE b (x int) INHERITS (a);
CREATE TABLE c (y int) INHERITS (b);
-- to:
CREATE TABLE a (id int);
CREATE TABLE c (x int, y int) INHERITS (a);

-- pair: typed_attribute_order
CREATE TYPE ct AS (a int, b text);
CREATE TABLE t OF ct;
-- to:
CREATE TYPE ct AS (b text, a int);
CREATE TABLE t OF ct;

-- pair: key_expression_function
CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE TABLE p (k int, n int) PARTITION BY RANGE (f(k));
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE FUNCTION f(int) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT $1::bigint';
CREATE TABLE p (k int, n int) PARTITION BY RANGE (f(k));
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);

-- pair: retype_nonkey_of_partitioned
CREATE TABLE p (id int, n int DEFAULT 2, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p (n DEFAULT 3) FOR VALUES FROM (1) TO (10);
CREATE INDEX i ON p (n);
CREATE VIEW v AS SELECT n FROM p1;
-- to:
CREATE TABLE p (id int, n bigint DEFAULT 4, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p (n DEFAULT 5) FOR VALUES FROM (1) TO (10);
CREATE INDEX i ON p (n);
CREATE VIEW v AS SELECT n FROM p1;

-- pair: part_own_fk_and_whole
CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
ALTER TABLE p1 ADD CONSTRAINT f FOREIGN KEY (n) REFERENCES u;
-- to:
CREATE TABLE u (id int PRIMARY KEY);
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
ALTER TABLE p1 ADD CONSTRAINT f FOREIGN KEY (n) REFERENCES u;
ALTER TABLE p ADD CONSTRAINT g FOREIGN KEY (n) REFERENCES u ON DELETE CASCADE;

-- pair: trigger_part_disabled
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TRIGGER tr AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION t();
-- to:
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TRIGGER tr AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION t();
ALTER TABLE p1 DISABLE TRIGGER tr;

-- pair: publication_of_family
CREATE TABLE p (id int, n int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE PUBLICATION pub FOR TABLE p, p1;
-- to:
CREATE TABLE p (id int, n int, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE PUBLICATION pub FOR TABLE p, p1;

-- pair: foreign_partition_remade
CREATE EXTENSION file_fdw;
CREATE SERVER s FOREIGN DATA WRAPPER file_fdw;
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE FOREIGN TABLE fp PARTITION OF p FOR VALUES FROM (1) TO (10) SERVER s OPTIONS (filename '/dev/null');
-- to:
CREATE EXTENSION file_fdw;
CREATE SERVER s FOREIGN DATA WRAPPER file_fdw;
CREATE TABLE p (id int, n bigint, CONSTRAINT k CHECK (n > 0)) PARTITION BY LIST (id);
CREATE FOREIGN TABLE fp PARTITION OF p FOR VALUES IN (1) SERVER s OPTIONS (filename '/dev/null');

-- pair: partition_drop_whole_subtree
CREATE TABLE p (id int, n int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10) PARTITION BY RANGE (id);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM (1) TO (5);
CREATE TABLE p12 PARTITION OF p1 FOR VALUES FROM (5) TO (10);
CREATE TABLE c (pid int REFERENCES p);
-- to:
CREATE TABLE p (id int, n int, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE p12 (id int NOT NULL, n int);
CREATE TABLE c (pid int REFERENCES p);

-- pair: check_on_child_and_parent_not_local
CREATE TABLE a (x int);
CREATE TABLE b (y int) INHERITS (a);
ALTER TABLE b ADD CONSTRAINT k CHECK (x > 0);
ALTER TABLE a ADD CONSTRAINT k CHECK (x > 0);
-- to:
CREATE TABLE a (x int);
CREATE TABLE b (y int) INHERITS (a);
ALTER TABLE a ADD CONSTRAINT k CHECK (x > 0);

-- pair: inh_not_null_change
CREATE TABLE a (x int, y int NOT NULL);
CREATE TABLE b () INHERITS (a);
CREATE TABLE c () INHERITS (b);
-- to:
CREATE TABLE a (x int NOT NULL, y int);
CREATE TABLE b () INHERITS (a);
CREATE TABLE c () INHERITS (b);
ALTER TABLE c ALTER y SET NOT NULL;

-- pair: two_level_retype_defaults
CREATE TABLE a (x int DEFAULT 1);
CREATE TABLE b () INHERITS (a);
ALTER TABLE b ALTER x SET DEFAULT 5;
CREATE TABLE c () INHERITS (b);
ALTER TABLE c ALTER x DROP DEFAULT;
-- to:
CREATE TABLE a (x bigint DEFAULT 2);
CREATE TABLE b () INHERITS (a);
ALTER TABLE b ALTER x SET DEFAULT 5;
CREATE TABLE c () INHERITS (b);
ALTER TABLE c ALTER x SET DEFAULT 9;

-- pair: enum_retype_family_defaults
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE p (id int, k e DEFAULT 'a') PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p (k DEFAULT 'b') FOR VALUES FROM (1) TO (5) PARTITION BY RANGE (id);
CREATE TABLE p11 PARTITION OF p1 (k DEFAULT 'a') FOR VALUES FROM (1) TO (2);
-- to:
CREATE TYPE e AS ENUM ('b', 'a');
CREATE TABLE p (id int, k e DEFAULT 'b') PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p (k DEFAULT 'b') FOR VALUES FROM (1) TO (5) PARTITION BY RANGE (id);
CREATE TABLE p11 PARTITION OF p1 (k DEFAULT 'b') FOR VALUES FROM (1) TO (2);

-- pair: family_uncastable_type
CREATE TABLE p (id int, k int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (5) PARTITION BY RANGE (id);
CREATE TABLE p11 PARTITION OF p1 (k DEFAULT 3) FOR VALUES FROM (1) TO (2);
CREATE INDEX pk ON p (k);
-- to:
CREATE TABLE p (id int, k point) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (5) PARTITION BY RANGE (id);
CREATE TABLE p11 PARTITION OF p1 (k DEFAULT '(1,2)') FOR VALUES FROM (1) TO (2);
CREATE INDEX pk ON p USING gist (k);

-- pair: partition_becomes_parent_of_its_parent
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE q PARTITION OF p FOR VALUES FROM (1) TO (5) PARTITION BY RANGE (a);
-- to:
CREATE TABLE q (a int) PARTITION BY RANGE (a);
CREATE TABLE p PARTITION OF q FOR VALUES FROM (1) TO (5) PARTITION BY RANGE (a);

-- pair: inh_child_becomes_parent (may warn)
CREATE TABLE a (x int);
CREATE TABLE b () INHERITS (a);
-- to:
CREATE TABLE b (x int);
CREATE TABLE a () INHERITS (b);

-- pair: rotating_bounds
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3);
CREATE INDEX i ON p (a);
-- to:
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (3);
CREATE TABLE p3 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX i ON p (a);

-- pair: rebound_and_index_dropped
CREATE TABLE p (a int, n int, UNIQUE (a)) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX i ON p (n);
-- to:
CREATE TABLE p (a int, n int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 2);
CREATE INDEX j ON p (a);

-- pair: pk_dropped_but_part_keeps
CREATE TABLE p (a int, n int, PRIMARY KEY (a)) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- to:
CREATE TABLE p (a int NOT NULL, n int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p1 ADD PRIMARY KEY (a);

-- pair: index_two_partitions_one_keeps
CREATE TABLE p (a int, n int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (n);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE INDEX i ON p (n);
-- to:
CREATE TABLE p (a int, n int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (n);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE INDEX p1_n_idx ON p1 (n);

-- pair: detached_and_whole_index_dropped
CREATE TABLE p (a int, n int, PRIMARY KEY (a)) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX i ON p (n);
-- to:
CREATE TABLE p (a int, n int) PARTITION BY LIST (a);
CREATE TABLE p1 (a int NOT NULL, n int);
CREATE INDEX p1_n_idx ON p1 (n);

-- pair: remade_pk_changes
CREATE TABLE p (a int, n int, PRIMARY KEY (a), UNIQUE (a, n)) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- to:
CREATE TABLE p (a int, n int, PRIMARY KEY (a, n)) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);

-- pair: remade_columns_change
CREATE TABLE p (a int, n int DEFAULT 1, m int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (n);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);
-- to:
CREATE TABLE p (a int, n bigint DEFAULT 2, o text NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2) PARTITION BY LIST (n);
CREATE TABLE p11 PARTITION OF p1 FOR VALUES IN (1);

-- pair: self_fk_remade
CREATE TABLE p (a int PRIMARY KEY, up int REFERENCES p) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- to:
CREATE TABLE p (a int PRIMARY KEY, up int REFERENCES p) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);

-- pair: drop_referenced_partition
CREATE TABLE p (a int PRIMARY KEY, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (a);
CREATE TABLE p22 PARTITION OF p2 FOR VALUES IN (2);
CREATE TABLE c (a int REFERENCES p);
-- to:
CREATE TABLE p (a int PRIMARY KEY, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE c (a int REFERENCES p);

-- pair: inh_diamond
CREATE TABLE r (x int);
CREATE TABLE a () INHERITS (r);
CREATE TABLE b () INHERITS (r);
CREATE TABLE c () INHERITS (a, b);
-- to:
CREATE TABLE r (x bigint DEFAULT 3, y text NOT NULL, CONSTRAINT k CHECK (x > 0));
CREATE TABLE a () INHERITS (r);
CREATE TABLE b () INHERITS (r);
CREATE TABLE c () INHERITS (a, b);

-- pair: inh_parent_gets_column_child_has_other_type
CREATE TABLE a (x int);
CREATE TABLE b (y text) INHERITS (a);
-- to:
CREATE TABLE a (x int, y int);
CREATE TABLE b (y int) INHERITS (a);

-- pair: inh_child_dropped_parent_changes (may warn)
CREATE TABLE a (x int, y int);
CREATE TABLE b () INHERITS (a);
CREATE TABLE c () INHERITS (b);
-- to:
CREATE TABLE a (x bigint, z int);
CREATE TABLE c (w int) INHERITS (a);

-- pair: inh_drop_column_one_child_keeps
CREATE TABLE a (x int, y int);
CREATE TABLE b (y int) INHERITS (a);
CREATE TABLE c () INHERITS (a);
CREATE TABLE d () INHERITS (c);
-- to:
CREATE TABLE a (x int);
CREATE TABLE b (y int) INHERITS (a);
CREATE TABLE c () INHERITS (a);
CREATE TABLE d () INHERITS (c);

-- pair: inh_check_not_valid
CREATE TABLE a (x int);
CREATE TABLE b () INHERITS (a);
-- to:
CREATE TABLE a (x int);
CREATE TABLE b () INHERITS (a);
ALTER TABLE a ADD CONSTRAINT k CHECK (x > 0) NOT VALID;
CREATE TABLE c () INHERITS (a);

-- pair: constraint_trigger_on_family
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
-- to:
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE p (id int, n int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE CONSTRAINT TRIGGER tr AFTER INSERT ON p DEFERRABLE FOR EACH ROW EXECUTE FUNCTION t();
CREATE TRIGGER own BEFORE UPDATE OF n ON p1 FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION t();

-- pair: quoted_everything
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S"."P p" ("I d" int, "n.x" int, CONSTRAINT "c ON d" CHECK ("n.x" > 0)) PARTITION BY RANGE ("I d");
CREATE TABLE "Odd S"."P ""1" PARTITION OF "Odd S"."P p" FOR VALUES FROM (1) TO (10);
CREATE INDEX "i ON x" ON "Odd S"."P p" ("n.x");
-- to:
CREATE SCHEMA "Odd S";
CREATE TABLE "Odd S"."P p" ("I d" int, "n.x" bigint DEFAULT 3, CONSTRAINT "c ON d" CHECK ("n.x" > 1)) PARTITION BY LIST ("I d");
CREATE TABLE "Odd S"."P ""1" PARTITION OF "Odd S"."P p" FOR VALUES IN (1);
CREATE INDEX "i ON x" ON "Odd S"."P p" ("n.x");
CREATE INDEX " ON ONLY " ON "Odd S"."P p" ("I d");

-- pair: inh_new_child_without_the_default
CREATE TABLE a (x text DEFAULT 'x', y int DEFAULT 1);
-- to:
CREATE TABLE a (x text DEFAULT 'x', y int DEFAULT 1);
CREATE TABLE b (x text, y int);
ALTER TABLE b INHERIT a;

-- pair: inh_new_child_of_a_column_stored_otherwise
CREATE TABLE a (x text, y text);
ALTER TABLE a ALTER x SET STORAGE MAIN;
-- to:
CREATE TABLE a (x text, y text);
ALTER TABLE a ALTER y SET STORAGE EXTERNAL;
CREATE TABLE b (z int) INHERITS (a);

-- pair: inh_new_column_with_a_grandchilds_default
CREATE TABLE a (x int);
CREATE TABLE b (y int) INHERITS (a);
CREATE TABLE c () INHERITS (b);
-- to:
CREATE TABLE a (x int, n int, m int DEFAULT 1);
CREATE TABLE b (y int) INHERITS (a);
CREATE TABLE c () INHERITS (b);
CREATE TABLE d () INHERITS (b);
ALTER TABLE b ALTER n SET DEFAULT 99;
ALTER TABLE c ALTER n SET DEFAULT 99;
ALTER TABLE b ALTER m DROP DEFAULT;

-- pair: partition_new_column_stored_otherwise
CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE a (id int);
CREATE TABLE b () INHERITS (a);
-- to:
CREATE TABLE p (id int, t text) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
ALTER TABLE p ALTER t SET STORAGE EXTERNAL;
CREATE TABLE a (id int, t text DEFAULT 'a');
CREATE TABLE b () INHERITS (a);
ALTER TABLE a ALTER t SET STORAGE EXTERNAL;

-- pair: partition_rebound_where_a_sibling_goes_and_a_check
CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (MINVALUE) TO (20);
-- to:
CREATE TABLE p (id int, n int CONSTRAINT small CHECK (n < 10)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (MINVALUE) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (MAXVALUE);

-- pair: column_made_again_and_declared_by_a_child_too
CREATE TABLE a (k int, x oid DEFAULT 3);
CREATE TABLE b (x oid) INHERITS (a);
-- to:
CREATE TABLE a (k int, x boolean);
CREATE TABLE b (x boolean) INHERITS (a);

-- pair: child_made_beside_a_column_of_another_type
CREATE TABLE a (x int);
-- to:
CREATE TABLE a (x bigint);
CREATE TABLE b (x bigint NOT NULL, y int) INHERITS (a);

-- pair: plain_table_made_typed_in_another_order
CREATE TYPE c AS (a int, b text);
CREATE TABLE t (b text, a int);
-- to:
CREATE TYPE c AS (a int, b text);
CREATE TABLE t OF c;

-- pair: typed_table_whose_type_gets_several_attributes
CREATE TYPE c AS (a int);
CREATE TABLE t OF c;
-- to:
CREATE TYPE c AS (a int, y text, b int, x date);
CREATE TABLE t OF c;

-- pair: inh_parents_in_another_order (may warn)
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c () INHERITS (a, b);
-- to:
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c () INHERITS (b, a);
