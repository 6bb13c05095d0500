--
-- PostgreSQL database dump
--

\restrict k3yThatPgDumpWrites

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.words (
    id integer NOT NULL,
    word text
);

COPY public.words (id, word) FROM stdin;
1	it's; $$ -- /*
2	\N
3	back\\slash\tand tab
4	-- steward:downgrade
\.

ALTER TABLE ONLY public.words ADD CONSTRAINT words_pkey PRIMARY KEY (id);

RESET search_path;

\unrestrict k3yThatPgDumpWrites
