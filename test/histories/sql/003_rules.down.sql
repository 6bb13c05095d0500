DROP RULE log_words ON words;
DROP TABLE word_log;
