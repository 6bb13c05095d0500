// lint --fix for changes of type: what it writes does the same as the plain form, with the rows,
// both ways, whatever stands on the column.
#include <gtest/gtest.h>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

// Rows and all that stands on the column go along, both ways, while the application writes.
class TypeFix : public testing::Test {
 protected:
  TypeFix() {
    project_.use(url_);
    project_write(
        "s2", "s1",
        "CREATE TABLE entry (\n  id serial PRIMARY KEY,\n"
        "  amount integer NOT NULL DEFAULT 5 CHECK (amount > 0),\n  code varchar(20) UNIQUE,\n"
        "  box_id integer REFERENCES other (id) ON DELETE CASCADE,\n  at text\n);\n"
        "CREATE INDEX ON entry (amount DESC, code) WHERE amount < 900;\n"
        "CREATE INDEX entry_expr ON entry ((amount * 2));\n"
        "COMMENT ON COLUMN entry.amount IS 'in cents';\n"
        "ALTER TABLE entry ADD CONSTRAINT entry_both CHECK (amount < 1000 OR code IS NULL);",
        "DROP TABLE entry;");
    project_.write("migrations/s1_s1.sql",
                   "-- revision: s1\n-- steward:upgrade\nCREATE TABLE other (id integer PRIMARY "
                   "KEY);\n-- steward:downgrade\nDROP TABLE other;\n");
  }
  void project_write(const std::string& id, const std::string& parent, const std::string& up,
                     const std::string& down) const {
    project_.write("migrations/" + id + "_" + id + ".sql",
                   "-- revision: " + id + "\n-- revises: " + parent + "\n-- steward:upgrade\n" +
                       up + "\n-- steward:downgrade\n" + down + "\n");
  }
  Outcome steward(std::vector<std::string> words) const { return project_.steward(words); }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  void change(const std::string& id, const std::string& parent, const std::string& column,
              const std::string& to, const std::string& back) const {
    const std::string alter = "ALTER TABLE entry ALTER COLUMN " + column + " TYPE ";
    project_write(id, parent, alter + to + ";", alter + back + ";");
  }
  // The larger count is more pages than one batch has.
  void fill_entries(int rows) const {
    Server::shared().connect(url_).run(
        "INSERT INTO other SELECT generate_series(1, 50);"
        "INSERT INTO entry (amount, code, box_id, at) SELECT 1 + g % 800, 'c' || g, 1 + g % 50, "
        "to_char(timestamp '2026-01-01' + g * interval '1 minute', 'YYYY-MM-DD HH24:MI') "
        "FROM generate_series(1, " +
        std::to_string(rows) + ") AS g; ANALYZE");
  }
  std::string fingerprint() const {
    return value(
        "SELECT md5(string_agg(concat_ws('|', id, amount, code, box_id, at), ';' ORDER BY id)) "
        "FROM entry");
  }
  // Facts of the schema, in which a column's place counts for nothing.
  std::string schema(const std::string& url) const {
    return Server::shared().value(
        url,
        "SELECT string_agg(f::text, E'\\n' ORDER BY f::text) FROM (SELECT c.relname, a.attname, "
        "format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), "
        "col_description(c.oid, a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = "
        "c.oid "
        "AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND "
        "d.adnum = a.attnum WHERE c.relname IN ('entry', 'other') UNION ALL SELECT c.relname, "
        "o.conname, pg_get_constraintdef(o.oid), o.convalidated, NULL, NULL FROM pg_constraint o "
        "JOIN pg_class c ON c.oid = o.conrelid WHERE c.relname IN ('entry', 'other') AND o.contype "
        "<> 'n' UNION ALL SELECT c.relname, NULL, pg_get_indexdef(i.indexrelid), i.indisvalid, "
        "NULL,"
        " NULL FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relname IN ('entry', "
        "'other') UNION ALL SELECT 'function', p.proname, NULL, NULL, NULL, NULL FROM pg_proc p "
        "WHERE p.pronamespace = 'public'::regnamespace UNION ALL SELECT 'trigger', t.tgname, NULL, "
        "NULL, NULL, NULL FROM pg_trigger t WHERE NOT t.tgisinternal UNION ALL SELECT 'owned', "
        "pg_get_serial_sequence('entry', 'id'), NULL, NULL, NULL, NULL) AS f");
  }
  std::string schema_of_the_plain_form() {
    const std::string plain = Server::shared().new_database();
    project_.use(plain);
    const auto run = steward({"upgrade"});
    EXPECT_EQ(run.exit, 0) << run.all();
    project_.use(url_);
    return schema(plain);
  }

  const std::string url_ = Server::shared().new_database();
  Project project_;
};

TEST_F(TypeFix, arrives_at_the_same_schema_with_the_rows_and_leads_back) {
  change("s3", "s2", "id", "bigint", "integer");
  change("s4", "s3", "amount", "bigint", "integer");
  change("s5", "s4", "code", "char(30)", "varchar(20)");
  change("s6", "s5", "box_id", "bigint", "integer");
  change("s7", "s6", "at", "timestamptz USING (at || ' UTC')::timestamptz",
         "text USING to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')");
  const std::string expected = schema_of_the_plain_form();
  ASSERT_EQ(steward({"upgrade", "s2"}).exit, 0);
  fill_entries(30000);
  const std::string before = schema(url_), rows = fingerprint();
  const auto fixed = steward({"lint", "--fix"});
  ASSERT_EQ(fixed.exit, 0) << fixed.all();
  EXPECT_EQ(fixed.err.find("line "), std::string::npos) << fixed.err;
  const auto clean = steward({"lint", "--fail-on", "warning"});
  EXPECT_EQ(clean.exit, 0) << clean.all();

  const auto up = steward({"upgrade"});
  ASSERT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(difference(expected, schema(url_)), "");
  EXPECT_EQ(value("SELECT count(*) FROM entry WHERE amount IS NOT NULL AND at = '2026-01-01Z'::"
                  "timestamptz + id * interval '1 minute'"),
            "30000");
  EXPECT_EQ(value("INSERT INTO entry (code) VALUES ('late') RETURNING id || ' ' || amount"),
            "30001 5");
  Server::shared().connect(url_).run("DELETE FROM entry WHERE code = 'late'");

  const auto down = steward({"downgrade", "s2"});
  ASSERT_EQ(down.exit, 0) << down.all();
  EXPECT_EQ(difference(before, schema(url_)), "");
  EXPECT_EQ(fingerprint(), rows);
  const auto again = steward({"upgrade"});
  ASSERT_EQ(again.exit, 0) << again.all();
  EXPECT_EQ(difference(expected, schema(url_)), "");
  EXPECT_EQ(steward({"lint", "--fix"}).out, "");
}

// Each revision alone goes back to what was before it, and a row written in between is kept.
TEST_F(TypeFix, keeps_what_is_written_between_its_revisions) {
  change("s3", "s2", "amount", "bigint", "integer");
  ASSERT_EQ(steward({"upgrade", "s2"}).exit, 0);
  fill_entries(300);
  ASSERT_EQ(steward({"lint", "--fix"}).exit, 0);
  int i = 0;
  for (; steward({"upgrade", "+1"}).exit == 0; ++i) {
    const std::string number = std::to_string(i);
    Server::shared().connect(url_).run("INSERT INTO entry (amount, code) VALUES (7, 'w" + number +
                                       "'); UPDATE entry SET amount = 77 WHERE code = 'c" + number +
                                       "'");
    const std::string state = schema(url_), rows = fingerprint();
    const auto down = steward({"downgrade", "-1"});
    ASSERT_EQ(down.exit, 0) << down.all();
    EXPECT_EQ(fingerprint(), rows) << "back from " << number;
    ASSERT_EQ(steward({"upgrade", "+1"}).exit, 0);
    EXPECT_EQ(difference(state, schema(url_)), "") << number;
    EXPECT_EQ(fingerprint(), rows) << number;
  }
  EXPECT_EQ(i, 5);
  EXPECT_EQ(value("SELECT count(*) FROM entry WHERE amount = 77 AND code IN ('c1', 'c2', 'c3')"),
            "3");
  EXPECT_EQ(value("SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = "
                  "'entry'::regclass AND attname = 'amount'"),
            "bigint");
}

TEST_F(TypeFix, says_why_it_leaves_what_it_cannot_take_along) {
  project_write("s3", "s2", "CREATE VIEW totals AS SELECT sum(amount) FROM entry;",
                "DROP VIEW totals;");
  change("s4", "s3", "amount", "bigint", "integer");
  const std::string file = project_.read("migrations/s4_s4.sql");
  const auto view = steward({"lint", "--fix"});
  EXPECT_NE(view.err.find("a view of its table"), std::string::npos) << view.all();
  EXPECT_EQ(project_.read("migrations/s4_s4.sql"), file);
  project_write("s3", "s2", "SELECT 1;", "SELECT 1;");
  change("s4", "s3", "amount", "smallint", "integer");
  const auto narrow = steward({"lint", "--fix"});
  EXPECT_NE(narrow.err.find("values may not fit"), std::string::npos) << narrow.all();
  project_write("s4", "s3", "ALTER TABLE entry ALTER COLUMN amount TYPE bigint;", "SELECT 1;");
  const auto one_way = steward({"lint", "--fix"});
  EXPECT_NE(one_way.err.find("does not change the type back"), std::string::npos) << one_way.all();
  project_write("s4", "s3", "ALTER TABLE other ALTER COLUMN id TYPE bigint;",
                "ALTER TABLE other ALTER COLUMN id TYPE integer;");
  const auto referenced = steward({"lint", "--fix"});
  EXPECT_NE(referenced.err.find("entry references it"), std::string::npos) << referenced.all();
}

}  // namespace
}  // namespace steward::test
