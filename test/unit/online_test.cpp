// Online plans: which statements become stages of their own, and in which order.
#include "runner/online.h"

#include <gtest/gtest.h>

namespace steward {
namespace {

using snapshot::Snapshot;

class Schema {
 public:
  Schema& add(const std::string& kind, const std::string& identity, const std::string& parent,
              const Json& definition, const std::vector<std::string>& needs = {}) {
    const std::string id = kind + " " + identity;
    all_.facts[id] = {id, kind, identity, parent, needs, definition, id + definition.dump()};
    return *this;
  }
  Schema& table(const std::string& name) {
    add("schema", "public", "", Json::object());
    return add("table", "public." + name, "schema public", Json::object());
  }
  Schema& column(const std::string& name, const std::string& type, bool not_null = false) {
    return add("column", "public.t." + name, "table public.t",
               {{"type", type}, {"not_null", not_null}, {"position", 1}});
  }
  Schema& index(const std::string& name, const std::string& columns) {
    return add("index", "public." + name, "table public.t",
               {{"definition", "CREATE INDEX " + name + " ON public.t USING btree " + columns}});
  }
  Schema& constraint(const std::string& name, const std::string& type,
                     const std::string& definition) {
    return add("constraint", name + " ON public.t", "table public.t",
               {{"type", type}, {"definition", definition}});
  }
  const Snapshot& facts() const { return all_; }

 private:
  Snapshot all_ = with_a_cast();
  static Snapshot with_a_cast() {
    Snapshot snapshot;
    snapshot.casts.emplace("integer", "bigint");
    return snapshot;
  }
};

Schema one_table() {
  Schema schema;
  schema.table("t").column("a", "integer");
  return schema;
}

// Each stage's first statement, with a star where it runs outside a transaction.
std::string stages(const Schema& from, const Schema& to, std::vector<bool> rewrites = {}) {
  const diff::Script script = diff::make(from.facts(), to.facts());
  rewrites.resize(script.statements.size());
  std::string text;
  for (const online::Stage& stage :
       online::plan(script, from.facts(), to.facts(), {rewrites, 150000}).stages) {
    text += stage.transaction ? "" : "*";
    for (const diff::Statement& statement : stage.statements) {
      const std::string line = statement.sql.substr(0, statement.sql.find('\n'));
      text += line + (line.ends_with(';') ? "" : ";");
    }
    text += "\n";
  }
  return text;
}

TEST(Online, keeps_what_nobody_waits_for_in_one_stage) {
  Schema to = one_table();
  to.column("b", "text").table("u");
  EXPECT_EQ(stages(one_table(), to),
            "CREATE TABLE public.u ();ALTER TABLE public.t ADD COLUMN b text;\n");
}

TEST(Online, builds_an_index_outside_a_transaction) {
  Schema to = one_table();
  to.index("i", "(a)");
  EXPECT_EQ(stages(one_table(), to), "*CREATE INDEX CONCURRENTLY i ON public.t USING btree (a);\n");
  EXPECT_EQ(stages(to, one_table()), "*DROP INDEX CONCURRENTLY public.i;\n");
}

TEST(Online, keeps_an_index_until_its_successor_is_built) {
  Schema from = one_table(), to = one_table();
  from.index("i", "(a)");
  to.index("i", "(a DESC)");
  EXPECT_EQ(stages(from, to),
            "ALTER INDEX public.i RENAME TO i_old;\n"
            "*CREATE INDEX CONCURRENTLY i ON public.t USING btree (a DESC);\n"
            "*DROP INDEX CONCURRENTLY public.i_old;\n");
}

TEST(Online, validates_once_the_constraint_is_committed) {
  Schema to = one_table();
  to.constraint("c", "check", "CHECK ((a > 0))").constraint("d", "check", "CHECK ((a > 1))");
  EXPECT_EQ(stages(one_table(), to),
            "ALTER TABLE public.t ADD CONSTRAINT c CHECK ((a > 0)) NOT VALID;"
            "ALTER TABLE public.t ADD CONSTRAINT d CHECK ((a > 1)) NOT VALID;\n"
            "ALTER TABLE public.t VALIDATE CONSTRAINT c;"
            "ALTER TABLE public.t VALIDATE CONSTRAINT d;\n");
}

TEST(Online, proves_not_null_first) {
  Schema to;
  to.table("t").column("a", "integer", true);
  EXPECT_EQ(stages(one_table(), to),
            "ALTER TABLE public.t ADD CONSTRAINT a_not_null CHECK (a IS NOT NULL) NOT VALID;\n"
            "ALTER TABLE public.t VALIDATE CONSTRAINT a_not_null;\n"
            "ALTER TABLE public.t ALTER COLUMN a SET NOT NULL;\n");
}

TEST(Online, takes_a_key_by_its_index) {
  Schema to = one_table();
  to.constraint("k", "unique", "UNIQUE NULLS NOT DISTINCT (a) DEFERRABLE");
  EXPECT_EQ(stages(one_table(), to),
            "*CREATE UNIQUE INDEX CONCURRENTLY k ON public.t (a) NULLS NOT DISTINCT;\n"
            "ALTER TABLE public.t ADD CONSTRAINT k UNIQUE USING INDEX k DEFERRABLE;\n");
}

TEST(Online, has_the_key_before_what_refers_to_it) {
  Schema to = one_table();
  to.constraint("k", "unique", "UNIQUE (a)");
  to.add("table", "public.u", "schema public", Json::object());
  to.add("column", "public.u.b", "table public.u", {{"type", "integer"}, {"position", 1}});
  to.add("constraint", "f ON public.u", "table public.u",
         {{"type", "foreign key"}, {"definition", "FOREIGN KEY (b) REFERENCES public.t(a)"}},
         {"constraint k ON public.t"});
  EXPECT_EQ(stages(one_table(), to),
            "CREATE TABLE public.u (;\n"
            "*CREATE UNIQUE INDEX CONCURRENTLY k ON public.t (a);\n"
            "ALTER TABLE public.t ADD CONSTRAINT k UNIQUE USING INDEX k;\n"
            "ALTER TABLE public.u ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES public.t(a);\n");
}

TEST(Online, fills_a_column_of_another_type_beside_the_old_one) {
  Schema to;
  to.table("t").column("a", "bigint");
  EXPECT_EQ(stages(one_table(), to, {true}),
            "ALTER TABLE public.t ADD COLUMN a_new bigint;\n"
            "*DO $fill$;\n"
            "DROP TRIGGER t_a_new_follows ON public.t;\n");
}

TEST(Online, says_why_a_column_is_not_filled_so) {
  Schema from = one_table(), to;
  to.table("t").column("a", "bigint");
  from.add("index", "public.i", "table public.t", {{"definition", "x"}}, {"column public.t.a"});
  to.add("index", "public.i", "table public.t", {{"definition", "x"}}, {"column public.t.a"});
  const diff::Script script = diff::make(from.facts(), to.facts());
  const online::Plan plan = online::plan(script, from.facts(), to.facts(), {{true}, 150000});
  ASSERT_EQ(plan.reasons.size(), 1u);
  EXPECT_NE(plan.reasons.front().find("index public.i"), std::string::npos) << plan.reasons.front();
}

}  // namespace
}  // namespace steward
