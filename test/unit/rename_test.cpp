// Renames: what looks like one, what a person says, and the marks in files.
#include "runner/rename.h"

#include <gtest/gtest.h>

#include "runner/rename/circle.h"
#include "runner/rename/likeness.h"
#include "runner/rename/marks.h"

namespace steward {
namespace {

using snapshot::Snapshot;

class Schema {
 public:
  Schema& add(const std::string& kind, const std::string& identity, const std::string& parent,
              const Json& definition) {
    const std::string id = kind + " " + identity;
    all_.facts[id] = {id, kind, identity, parent, {}, definition, id + definition.dump()};
    return *this;
  }
  Schema& table(const std::string& name, const std::vector<std::string>& columns) {
    add("table", "public." + name, "schema public", Json::object());
    int position = 0;
    for (const std::string& column : columns) {
      const std::size_t space = column.find(' ');
      add("column", "public." + name + "." + column.substr(0, space), "table public." + name,
          {{"type", column.substr(space + 1)}, {"position", ++position}});
    }
    return *this;
  }
  Schema& type(const std::string& name, const std::vector<std::string>& labels) {
    return add("type", "public." + name, "schema public", {{"form", "enum"}, {"labels", labels}});
  }
  const Snapshot& facts() {
    all_.facts["schema public"] = {"schema public", "schema", "public", "", {}, Json::object(), ""};
    return all_;
  }

 private:
  Snapshot all_;
};

// "certain: statement" of each, all levels.
std::string alike(Schema from, Schema to) {
  std::string text;
  for (int level = 0; level < rename::levels; ++level)
    for (const rename::Likeness& one : rename::alike(from.facts(), to.facts(), level))
      text += (one.certain ? "certain: " : "perhaps: ") + one.rename.statement + "\n";
  return text;
}

TEST(Likeness, takes_the_only_column_of_its_definition) {
  EXPECT_EQ(alike(Schema().table("a", {"x integer", "y text"}),
                  Schema().table("a", {"x integer", "z text"})),
            "certain: ALTER TABLE public.a RENAME COLUMN y TO z\n");
}

TEST(Likeness, guesses_among_several_columns_never) {
  EXPECT_EQ(alike(Schema().table("a", {"x text", "y text"}), Schema().table("a", {"z text"})),
            "perhaps: ALTER TABLE public.a RENAME COLUMN x TO z\n"
            "perhaps: ALTER TABLE public.a RENAME COLUMN y TO z\n");
}

TEST(Likeness, supposes_the_only_two_columns_whatever_their_types) {
  EXPECT_EQ(alike(Schema().table("a", {"x text"}), Schema().table("a", {"z integer"})),
            "perhaps: ALTER TABLE public.a RENAME COLUMN x TO z\n");
}

TEST(Likeness, takes_a_table_by_its_columns) {
  EXPECT_EQ(alike(Schema().table("a", {"x integer", "y text"}),
                  Schema().table("b", {"x integer", "y text"})),
            "certain: ALTER TABLE public.a RENAME TO b\n");
  EXPECT_EQ(alike(Schema().table("a", {"x integer", "y text"}),
                  Schema().table("b", {"x integer", "z text"})),
            "perhaps: ALTER TABLE public.a RENAME TO b\n");
  EXPECT_EQ(alike(Schema().table("a", {"x integer"}), Schema().table("b", {"y text"})), "");
}

TEST(Likeness, is_nothing_where_both_are_there) {
  EXPECT_EQ(alike(Schema().table("a", {"x integer"}),
                  Schema().table("a", {"x integer"}).table("b", {"x integer"})),
            "");
}

TEST(Likeness, takes_the_value_that_alone_changed_in_its_place) {
  EXPECT_EQ(alike(Schema().type("e", {"a", "b"}), Schema().type("e", {"a", "c"})),
            "certain: ALTER TYPE public.e RENAME VALUE 'b' TO 'c'\n");
  EXPECT_EQ(alike(Schema().type("e", {"a", "b"}), Schema().type("e", {"b", "c"})), "");
  EXPECT_EQ(alike(Schema().type("e", {"a", "b"}), Schema().type("e", {"c", "d"})),
            "perhaps: ALTER TYPE public.e RENAME VALUE 'a' TO 'c'\n"
            "perhaps: ALTER TYPE public.e RENAME VALUE 'b' TO 'd'\n");
}

TEST(Rename, prefers_what_is_gone) {
  Schema from = Schema().table("task", {"x text"}).table("other", {"task text"});
  Schema to = Schema().table("todo", {"x text"}).table("other", {"task text"});
  EXPECT_EQ(rename::resolve("task=todo", from.facts(), to.facts()).statement,
            "ALTER TABLE public.task RENAME TO todo");
}

TEST(Rename, says_how_it_is_taken_back) {
  Schema from, to;
  from.table("t", {"x text"}).add("constraint", "c ON public.t", "table public.t", {});
  to.table("t", {"x text"}).add("constraint", "d ON public.t", "table public.t", {});
  EXPECT_EQ(rename::resolve("t.c=d", from.facts(), to.facts()).back,
            "ALTER TABLE public.t RENAME CONSTRAINT d TO c");
  EXPECT_EQ(
      rename::resolve("e.a=z", Schema().type("e", {"a"}).facts(), Schema().type("e", {"z"}).facts())
          .back,
      "ALTER TYPE public.e RENAME VALUE 'z' TO 'a'");
}

TEST(Rename, refuses_a_name_that_the_new_schema_does_not_have) {
  Schema from = Schema().table("t", {"x text"}), to = Schema().table("t", {"y text"});
  EXPECT_THROW(rename::resolve("t.x=z", from.facts(), to.facts()), Error);
}

// The statements, a line each, that the requests are made by: all of one level.
std::string in_order(Schema from, Schema to, const std::vector<std::string>& requests) {
  std::vector<rename::Rename> renames;
  for (const std::string& request : requests)
    renames.push_back(rename::resolve(request, from.facts(), to.facts()));
  std::string text;
  for (const rename::Rename& one : rename::in_order(renames, from.facts()))
    text += one.statement.substr(one.statement.find("RENAME") + 7) + "; " +
            one.back.substr(one.back.find("RENAME") + 7) + "\n";
  return text;
}

TEST(Circle, makes_a_chain_from_its_end) {
  EXPECT_EQ(in_order(Schema().table("t", {"a int", "b int"}),
                     Schema().table("t", {"b int", "c int"}), {"t.a=b", "t.b=c"}),
            "COLUMN b TO c; COLUMN c TO b\nCOLUMN a TO b; COLUMN b TO a\n");
}

TEST(Circle, puts_one_name_aside) {
  const Schema both = Schema().table("a", {"x int"}).table("b", {"y int"});
  EXPECT_EQ(in_order(both, both, {"a=b", "b=a"}),
            "TO steward_aside; TO a\nTO a; TO b\nTO b; TO steward_aside\n");
  const Schema type = Schema().type("e", {"it's", "b"});
  EXPECT_EQ(in_order(type, type, {"e.it's=b", "e.b=it's"}),
            "VALUE 'it''s' TO 'steward_aside'; VALUE 'steward_aside' TO 'it''s'\n"
            "VALUE 'b' TO 'it''s'; VALUE 'it''s' TO 'b'\n"
            "VALUE 'steward_aside' TO 'b'; VALUE 'b' TO 'steward_aside'\n");
}

TEST(Circle, knows_that_an_index_and_a_key_share_a_name) {
  Schema from = Schema().table("t", {"x int"}).table("u", {"x int"});
  from.add("constraint", "k ON public.t", "table public.t", {{"type", "primary key"}});
  from.add("index", "public.l", "table public.u", Json::object());
  const rename::Rename rename =
      rename::of_fact(*from.facts().find("constraint k ON public.t"), "l");
  EXPECT_EQ(rename::in_the_way(rename, from.facts()), "index public.l");
}

TEST(Circle, of_marks_is_made_where_each_is_like_what_it_was) {
  const auto marks =
      rename::marks_in("CREATE TABLE t (\n a text, -- was: b\n b int -- was: a\n);", "");
  Schema old = Schema().table("t", {"a int", "b text"}),
         fresh = Schema().table("t", {"a text", "b int"});
  EXPECT_EQ(rename::circles(marks, old.facts(), fresh.facts()).size(), 3u);
  EXPECT_TRUE(rename::circles(marks, fresh.facts(), fresh.facts()).empty());
  Schema same = Schema().table("t", {"a int", "b int"});
  EXPECT_TRUE(rename::circles(marks, same.facts(), same.facts()).empty());
}

std::string read(const std::string& script) {
  std::string text;
  for (const rename::Mark& mark : rename::marks_in(script, "s.sql"))
    text += std::to_string(mark.line) + " " + mark.object.back() +
            (mark.part.empty() ? "" : "." + mark.part) + (mark.label ? "!" : "") + " was " +
            mark.was + "\n";
  return text;
}

TEST(Marks, stand_above_or_beside_the_name) {
  EXPECT_EQ(read("-- was: task\n"
                 "CREATE TABLE IF NOT EXISTS app.todo ( -- was: chore\n"
                 "  id int, -- an id\n"
                 "  name text, -- was: title\n"
                 "  -- was: owner\n"
                 "  \"User Id\" int,\n"
                 "  CONSTRAINT named CHECK (id > 0) -- was: \"Old Name\"\n"
                 ");\n"
                 "CREATE INDEX i ON app.todo (id); -- was: j\n"
                 "CREATE TYPE s AS ENUM (\n"
                 "  'a b', -- was: 'c d'\n"
                 "  'x');\n"),
            "1 todo was task\n"
            "2 todo was chore\n"
            "4 todo.name was title\n"
            "5 todo.User Id was owner\n"
            "7 todo.named was Old Name\n"
            "9 i was j\n"
            "11 s.a b! was c d\n");
}

TEST(Marks, in_literals_are_none) {
  EXPECT_EQ(read("CREATE TABLE t (a text DEFAULT '-- was: x');\nSELECT $$\n-- was: y\n$$;"), "");
}

TEST(Marks, that_stand_by_nothing_are_refused_with_their_line) {
  try {
    rename::marks_in("CREATE TABLE t ();\n-- was: x\nGRANT SELECT ON t TO u;", "s.sql");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.place()->line, 2u);
  }
}

TEST(Marks, say_nothing_once_it_is_done) {
  const rename::Mark mark = rename::marks_in("CREATE TABLE t (\n  b int -- was: a\n);", "").front();
  Schema old = Schema().table("t", {"a integer"}), fresh = Schema().table("t", {"b integer"});
  EXPECT_EQ(rename::resolve(mark, old.facts(), fresh.facts())->statement,
            "ALTER TABLE public.t RENAME COLUMN a TO b");
  EXPECT_FALSE(rename::resolve(mark, fresh.facts(), fresh.facts()));
}

}  // namespace
}  // namespace steward
