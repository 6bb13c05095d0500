-- Found in sql/waived.sql, beside the findings that waivers are matched with.
SELECT steward.add_rule('waiver-without-reason', 'warning', 'A waiver that gives no reason, and waives nothing', family => 'waiver');
