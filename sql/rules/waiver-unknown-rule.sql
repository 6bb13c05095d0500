-- Found in sql/waived.sql, beside the findings that waivers are matched with.
SELECT steward.add_rule('waiver-unknown-rule', 'warning', 'A waiver of a rule that does not exist', family => 'waiver');
