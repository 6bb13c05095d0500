-- Found in sql/waived.sql: a level or option, written into steward.rule, for a rule that does not exist.
SELECT steward.add_rule('rule-unknown', 'warning', 'A setting of a rule that does not exist', family => 'waiver');
