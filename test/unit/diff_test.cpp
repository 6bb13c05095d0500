// The diff on small sets of facts: what makes way for what, and in which order.
#include "runner/diff.h"

#include <gtest/gtest.h>

#include "runner/diff/order.h"

namespace steward {
namespace {

using snapshot::Fact;
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
    return add("table", "public." + name, "schema public", Json::object());
  }
  Schema& column(const std::string& table, const std::string& name, Json definition,
                 const std::vector<std::string>& needs = {}) {
    definition["position"] = static_cast<int>(all_.facts.size());
    return add("column", "public." + table + "." + name, "table public." + table, definition,
               needs);
  }
  Schema& view(const std::string& name, const std::string& query,
               const std::vector<std::string>& needs) {
    return add("view", "public." + name, "schema public",
               {{"query", query}, {"columns", Json::array({"a integer"})}}, needs);
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

std::string script(const Schema& from, const Schema& to) {
  return diff::to_text(diff::make(from.facts(), to.facts()));
}

Schema one_table(const std::string& type) {
  Schema schema;
  schema.table("t").column("t", "a", {{"type", type}});
  return schema;
}

TEST(Diff, of_equal_schemas_is_empty) {
  EXPECT_EQ(script(one_table("text"), one_table("text")), "");
}

TEST(Diff, makes_a_table_with_its_columns_in_one_statement) {
  EXPECT_EQ(script(Schema(), one_table("integer")), "CREATE TABLE public.t (\n  a integer\n);\n");
}

TEST(Diff, marks_what_destroys_data) {
  EXPECT_EQ(script(one_table("integer"), Schema()),
            "-- data loss: the rows of table public.t\nDROP TABLE public.t;\n");
}

TEST(Diff, makes_a_view_again_around_a_change_of_type) {
  Schema from = one_table("integer"), to = one_table("bigint");
  from.view("v", "SELECT a FROM public.t", {"column public.t.a"});
  to.view("v", "SELECT a FROM public.t", {"column public.t.a"});
  EXPECT_EQ(script(from, to),
            "DROP VIEW public.v;\n"
            "ALTER TABLE public.t ALTER COLUMN a TYPE bigint;\n"
            "CREATE VIEW public.v AS\nSELECT a FROM public.t;\n");
}

TEST(Diff, makes_views_upon_views_in_the_order_they_need) {
  Schema from = one_table("integer"), to = one_table("bigint");
  for (Schema* schema : {&from, &to})
    schema->view("z", "SELECT a FROM public.t", {"column public.t.a"})
        .view("a", "SELECT a FROM public.z", {"view public.z"});
  const std::string text = script(from, to);
  EXPECT_LT(text.find("DROP VIEW public.a"), text.find("DROP VIEW public.z")) << text;
  EXPECT_LT(text.find("CREATE VIEW public.z"), text.find("CREATE VIEW public.a")) << text;
}

TEST(Diff, converts_through_nothing_but_a_known_cast) {
  // No cast leads from date to integer: the values cannot be kept, and the script says so.
  const std::string text = script(one_table("date"), one_table("integer"));
  EXPECT_NE(text.find("-- data loss: the values of column public.t.a"), std::string::npos) << text;
  EXPECT_NE(text.find("ADD COLUMN a integer"), std::string::npos) << text;
}

TEST(Diff, refuses_what_is_not_modelled_by_name) {
  Schema to;
  to.add("operator class", "public.o USING btree", "schema public", {{"unmodelled", true}});
  try {
    script(Schema(), to);
    FAIL() << "it was not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "diff_unmodelled");
    EXPECT_NE(error.detail().find("operator class public.o"), std::string::npos) << error.detail();
  }
}

TEST(Diff, takes_a_default_out_of_the_table_where_it_makes_a_cycle) {
  Schema to;
  to.table("t").column("t", "a", {{"type", "integer"}, {"default", "public.f()"}},
                       {"function public.f()"});
  to.add("function", "public.f()", "schema public",
         {{"definition", "CREATE OR REPLACE FUNCTION f"}}, {"table public.t"});
  const std::string text = script(Schema(), to);
  EXPECT_LT(text.find("CREATE TABLE"), text.find("FUNCTION f")) << text;
  EXPECT_LT(text.find("FUNCTION f"), text.find("SET DEFAULT public.f()")) << text;
}

TEST(Diff, drops_a_domain_before_the_function_of_its_check) {
  Schema from;
  from.add("function", "public.f()", "schema public", {{"definition", "f"}});
  from.add("domain", "public.d", "schema public", {{"form", "domain"}, {"type", "integer"}});
  from.add("constraint", "c ON DOMAIN public.d", "domain public.d", {{"type", "check"}},
           {"function public.f()"});
  EXPECT_EQ(script(from, Schema()), "DROP DOMAIN public.d;\nDROP FUNCTION public.f();\n");
}

TEST(Diff, takes_a_partitioned_index_along_with_its_part) {
  Schema from, to;
  for (Schema* schema : {&from, &to}) {
    schema->add("table", "public.t", "schema public", {{"partition_by", "LIST (a)"}});
    schema->add("table", "public.p", "schema public",
                {{"bound", "DEFAULT"}, {"inherits", {"public.t"}}}, {"table public.t"});
    schema->add("index", "public.i", "table public.t",
                {{"definition", "CREATE INDEX i ON ONLY public.t"}, {"partitioned", true}});
  }
  from.add("index", "public.j", "table public.p",
           {{"definition", "CREATE INDEX j ON public.p"}, {"attached_to", "index public.i"}});
  EXPECT_EQ(script(from, to), "DROP INDEX public.i;\nCREATE INDEX i ON public.t;\n");
}

TEST(Diff, says_the_same_twice) {
  Schema from = one_table("integer"), to = one_table("bigint");
  to.table("u").column("u", "b", {{"type", "text"}});
  EXPECT_EQ(script(from, to), script(from, to));
}

diff::Action action(const std::string& name) {
  diff::Action made;
  made.sql = made.key = name;
  return made;
}

std::string ordered(const std::vector<diff::Action>& actions) {
  std::string text;
  for (const std::size_t at : diff::order(actions).sequence) text += actions[at].sql;
  return text;
}

TEST(Order, follows_needs_before_names) {
  diff::Action a = action("a"), b = action("b");
  a.needs = {"x"};
  b.produces = {"x"};
  EXPECT_EQ(ordered({a, b}), "ba");
}

TEST(Order, destroys_before_it_makes_anew) {
  diff::Action a = action("a"), b = action("b"), c = action("c");
  a.produces = {"x"};
  b.destroys = {"x"};
  c.releases = {"x"};
  EXPECT_EQ(ordered({a, b, c}), "cba");
}

TEST(Order, gives_up_a_wish_rather_than_fail) {
  diff::Action a = action("a"), b = action("b");
  a.produces = {"x"}, a.prefers = {"y"};
  b.produces = {"y"}, b.prefers = {"x"};
  EXPECT_EQ(ordered({a, b}), "ab");
}

TEST(Order, names_a_cycle_and_not_what_waits_for_it) {
  diff::Action a = action("a"), b = action("b"), c = action("c");
  a.produces = {"x"}, a.needs = {"y"};
  b.produces = {"y"}, b.needs = {"x"};
  c.needs = {"x"};
  EXPECT_EQ(diff::order({a, b, c}).cycle, (std::vector<std::size_t>{0, 1}));
}

}  // namespace
}  // namespace steward
