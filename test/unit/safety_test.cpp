// What statements are predicted to do. The locks are those measured on PostgreSQL 15.
#include <gtest/gtest.h>

#include "runner/parser.h"
#include "runner/safety/predict.h"

namespace steward::safety {
namespace {

sql::Statement statement_of(std::string_view text) {
  sql::Splitter splitter(sql::source_of(text), "test.sql");
  sql::Statement statement;
  EXPECT_TRUE(splitter.next(statement)) << text;
  return statement;
}

// "relation lock[ scans][ rewrites]; ..."
std::string touches_of(std::string_view text) {
  std::string result;
  for (const Touch& touch : effects_of(statement_of(text)).touches)
    result += (result.empty() ? "" : "; ") + touch.relation + " " +
              std::string(name_of(touch.lock)) + (touch.scans ? " scans" : "") +
              (touch.rewrites ? " rewrites" : "");
  return result;
}

struct Case {
  const char* statement;
  const char* touches;
};

class Predicted : public testing::TestWithParam<Case> {};

TEST_P(Predicted, locks) {
  EXPECT_EQ(touches_of(GetParam().statement), GetParam().touches) << GetParam().statement;
}

INSTANTIATE_TEST_SUITE_P(
    AsMeasured, Predicted,
    testing::Values(
        Case{"alter table t add column z int", "t AccessExclusiveLock"},
        Case{"alter table t add column z int not null default 5", "t AccessExclusiveLock"},
        Case{"alter table t add column z timestamptz default now()", "t AccessExclusiveLock"},
        Case{"alter table t add column z uuid default gen_random_uuid()",
             "t AccessExclusiveLock scans rewrites"},
        Case{"alter table t add column z bigserial", "t AccessExclusiveLock scans rewrites"},
        Case{"alter table t add column z bigint generated always as identity",
             "t AccessExclusiveLock scans rewrites"},
        Case{"alter table t add column z int generated always as (b*2) stored",
             "t AccessExclusiveLock scans rewrites"},
        Case{"alter table t add column z int check (z>0)", "t AccessExclusiveLock scans"},
        Case{"alter table t add column z int unique", "t AccessExclusiveLock scans"},
        Case{"alter table t drop column txt", "t AccessExclusiveLock"},
        Case{"alter table t alter column txt set not null", "t AccessExclusiveLock scans"},
        Case{"alter table t alter column nb type bigint", "t AccessExclusiveLock scans rewrites"},
        Case{"alter table t alter column a set statistics 100", "t ShareUpdateExclusiveLock"},
        Case{"alter table t validate constraint c", "t ShareUpdateExclusiveLock scans"},
        Case{"alter table t add foreign key (pid) references p (id)",
             "t ShareRowExclusiveLock scans; p ShareRowExclusiveLock"},
        Case{"alter table t add foreign key (pid) references p (id) not valid",
             "t ShareRowExclusiveLock; p ShareRowExclusiveLock"},
        Case{"alter table t add constraint c check (a>0) not valid", "t AccessExclusiveLock"},
        Case{"alter table t add constraint u unique using index i", "t AccessExclusiveLock"},
        Case{"alter table s.t disable trigger all", "s.t ShareRowExclusiveLock"},
        Case{"alter table t set unlogged", "t AccessExclusiveLock scans rewrites"},
        Case{"alter table pt attach partition p1 for values in (1)",
             "pt ShareUpdateExclusiveLock; p1 AccessExclusiveLock scans"},
        Case{"create index on t (a)", "t ShareLock scans"},
        Case{"create index concurrently on t (a)", "t ShareUpdateExclusiveLock scans"},
        Case{"drop table t, s.u", "t AccessExclusiveLock; s.u AccessExclusiveLock"},
        Case{"drop trigger tr on t", "t AccessExclusiveLock"},
        Case{"truncate t", "t AccessExclusiveLock"},
        Case{"create trigger tr before insert on t for each row execute function f()",
             "t ShareRowExclusiveLock"},
        Case{"create policy p on t using (true)", "t AccessExclusiveLock"},
        Case{"create table n (id int references p (id))", "p ShareRowExclusiveLock"},
        Case{"create table n partition of pt for values in (1)", "pt AccessExclusiveLock"},
        Case{"refresh materialized view mv", "mv AccessExclusiveLock scans rewrites"},
        Case{"refresh materialized view concurrently mv", "mv ExclusiveLock scans"},
        Case{"vacuum full t", "t AccessExclusiveLock scans rewrites"},
        Case{"vacuum t", "t ShareUpdateExclusiveLock"},
        Case{"lock table t in share mode", "t ShareLock"},
        Case{"update t set a = 1", "t RowExclusiveLock"}, Case{"select 1", ""},
        Case{"create view v as select 1", ""}));

class Outside : public testing::TestWithParam<const char*> {};
TEST_P(Outside, is_what_no_transaction_takes) {
  EXPECT_TRUE(safety::runs_outside_transaction(statement_of(GetParam())));
}
INSTANTIATE_TEST_SUITE_P(
    Each, Outside,
    testing::Values(
        "create index concurrently i on t (a)",
        "create /* a comment */ unique index concurrently i on t (a)", "drop index concurrently i",
        "reindex table concurrently t", "reindex (concurrently) index i",
        "reindex (verbose, concurrently true) table t", "reindex schema s", "reindex database",
        "vacuum", "vacuum (full) t", "alter table t detach partition p concurrently",
        "create database d", "drop database d", "alter database d set tablespace x",
        "create tablespace x location '/x'", "drop tablespace x", "alter system set work_mem = 1",
        "discard all", "cluster", "cluster verbose", "commit prepared 'x'", "drop subscription s",
        "create subscription s connection 'c' publication p"));

class Inside : public testing::TestWithParam<const char*> {};
TEST_P(Inside, is_what_only_looks_like_it) {
  EXPECT_FALSE(safety::runs_outside_transaction(statement_of(GetParam())));
}
INSTANTIATE_TEST_SUITE_P(
    Each, Inside,
    testing::Values("create index i on t (a) -- concurrently",
                    "create index concurrently_i on t (a)", "comment on table t is 'vacuum it'",
                    "reindex (concurrently false) table t", "alter table t detach partition p",
                    "cluster t using i", "analyze t", "discard temp",
                    "create table cluster_of_databases ()",
                    "create subscription s connection 'c' publication p with (connect = false)",
                    "alter database d set work_mem = '1MB'"));

TEST(Parser, leaves_a_newer_grammar_to_the_words) {
  const Effects effects = effects_of(statement_of("vacuum frobnicate every (table, it) finds"));
  EXPECT_FALSE(effects.known);
  EXPECT_TRUE(effects.outside);
}

TEST(Parser, is_of_a_release_that_is_known) {
  EXPECT_GE(parser::version(), 15);
}

TEST(Summary, keeps_the_strongest_and_leaves_out_what_is_new) {
  const Summary summary = summary_of(
      sql::source_of("create table n (id int);\ncreate index on n (id);\nupdate t set a = 1;\n"
                     "copy t from stdin;\n1\n\\.\nalter table t add column b int;\ncall p();"));
  ASSERT_EQ(summary.touches.size(), 1u);
  EXPECT_EQ(summary.touches[0].relation, "t");
  EXPECT_EQ(summary.touches[0].lock, Lock::access_exclusive);
  EXPECT_EQ(summary.statements, 6);
  EXPECT_TRUE(summary.may_commit);
}

}  // namespace
}  // namespace steward::safety
