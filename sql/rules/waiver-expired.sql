-- Found in sql/waived.sql, beside the findings that waivers are matched with.
SELECT steward.add_rule('waiver-expired', 'warning', 'A waiver that has ended', family => 'waiver');
