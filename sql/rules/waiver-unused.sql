-- Found in sql/waived.sql, beside the findings that waivers are matched with.
SELECT steward.add_rule('waiver-unused', 'warning', 'A waiver that matches nothing', family => 'waiver');
