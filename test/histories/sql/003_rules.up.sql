CREATE TABLE word_log (word text);
CREATE RULE log_words AS ON DELETE TO words DO ALSO
    (INSERT INTO word_log VALUES (OLD.word); NOTIFY words);
DO LANGUAGE plpgsql $$ BEGIN PERFORM outer_function(); END $$;;
-- an empty statement stood there
