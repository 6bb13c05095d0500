#include "runner/url.h"

#include <gtest/gtest.h>

#include "runner/error.h"

namespace steward::url {
namespace {

std::string value(const Target& target, const char* key) {
  const std::string* found = target.find(key);
  return found ? *found : "(none)";
}

// Everything that is said of an error, in which a secret might stand.
std::string all_words(const Error& error) {
  return std::string(error.what()) + error.detail() + error.hint() + error.context;
}

std::string refusal(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::usage);
    EXPECT_EQ(all_words(error).find("s3cret"), std::string::npos) << all_words(error);
    return error.code();
  }
  return "accepted";
}

TEST(Url, takes_a_url_apart) {
  const Target target = parse("postgresql://ann:pa%20ss@db.example.com:5433/shop?sslmode=require");
  EXPECT_EQ(value(target, "user"), "ann");
  EXPECT_EQ(value(target, "password"), "pa ss");
  EXPECT_EQ(value(target, "host"), "db.example.com");
  EXPECT_EQ(value(target, "port"), "5433");
  EXPECT_EQ(value(target, "dbname"), "shop");
  EXPECT_EQ(value(target, "sslmode"), "require");
}

TEST(Url, ignores_the_driver_in_the_scheme) {
  for (const char* scheme : {"postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg2",
                             "postgres+pg8000", "PostgreSQL"})
    EXPECT_EQ(value(parse(std::string(scheme) + "://h/d"), "dbname"), "d") << scheme;
}

TEST(Url, takes_hosts_as_libpq_does) {
  EXPECT_EQ(value(parse("postgres://[::1]:5433/d"), "host"), "::1");
  EXPECT_EQ(value(parse("postgres://%2Frun%2Fpg/d"), "host"), "/run/pg");
  EXPECT_EQ(value(parse("postgres:///d?host=/run/pg"), "host"), "/run/pg");
  const Target several = parse("postgres://a:1,b:2,c/d");
  EXPECT_EQ(value(several, "host"), "a,b,c");
  EXPECT_EQ(value(several, "port"), "1,2,");
  EXPECT_TRUE(parse("postgresql://").settings.empty());
}

TEST(Url, takes_keyword_strings) {
  const Target target = parse("host = /tmp dbname='a b' user=ann password='it\\'s' sslmode=prefer");
  EXPECT_EQ(value(target, "host"), "/tmp");
  EXPECT_EQ(value(target, "dbname"), "a b");
  EXPECT_EQ(value(target, "password"), "it's");
  EXPECT_EQ(value(target, "sslmode"), "prefer");
}

TEST(Url, understands_what_orms_add) {
  const Target target = parse(
      "postgresql://h/"
      "d?schema=app&pgbouncer=true&connection_limit=1&pool_timeout=5&sslaccept=strict"
      "&statement_cache_size=0&channel_binding=require&pool_max_conns=4&x-migrations-table=m");
  EXPECT_EQ(target.search_path, "app");
  EXPECT_TRUE(target.pooled);
  EXPECT_EQ(value(target, "channel_binding"), "require");
  EXPECT_EQ(target.settings.size(), 3u);  // host, dbname, channel_binding
  EXPECT_EQ(value(parse("postgres://h/d?ssl=true"), "sslmode"), "require");
  EXPECT_EQ(value(parse("postgres://h/d?sslmode=no-verify"), "sslmode"), "require");
}

TEST(Url, takes_the_last_at_sign_for_the_end_of_the_password) {
  const Target target = parse("postgres://ann:s3cret@more@host/d");
  EXPECT_EQ(value(target, "password"), "s3cret@more");
  EXPECT_EQ(value(target, "host"), "host");
}

TEST(Url, refuses_other_databases_and_bare_words) {
  for (const char* text : {"mysql://root:s3cret@h/d", "sqlite:///db.sqlite", "cockroachdb://h/d",
                           "mydb", "./shop.db", "jdbc:postgresql://h/d?password=s3cret", ""})
    EXPECT_EQ(refusal(text), "unknown_scheme") << text;
}

TEST(Url, refuses_what_it_cannot_read_without_showing_the_password) {
  for (const char* text :
       {"postgres://ann:s3cret/more@host/d", "postgres://ann:s3cret?more@host/d",
        "postgres://ann:s3cret@host:port/d", "postgres://ann:s3cret@host/d?colour=blue",
        "postgres://ann:s3cret%zz@host/d", "postgres://ann:s3cret@[::1/d",
        "host=h password='s3cret", "postgres://ann:s3cret@host/d?sslmode",
        "host=h password=s3cret oops", "password=s3cret colour=blue"})
    EXPECT_EQ(refusal(text), "bad_url") << text;
}

TEST(Url, shows_no_password) {
  EXPECT_EQ(redacted(parse("postgres://ann:s3cret@h:1/d?sslmode=require&sslpassword=s3cret")),
            "postgresql://ann:***@h:1/d?sslmode=require&sslpassword=***");
  EXPECT_EQ(redacted(parse("postgres://h/d?user=ann&password=s3cret")), "postgresql://ann:***@h/d");
  EXPECT_EQ(redacted(parse("host=/run/pg dbname=d password=s3cret")),
            "postgresql://:***@/d?host=/run/pg");
}

TEST(Url, hides_passwords_in_texts_that_do_not_parse) {
  for (const char* text :
       {"mysql://ann:s3cret@h/d", "postgres://ann:s3cret/x@h/d?password=s3cret&a=b",
        "host=h password=s3cret", "host=h password = 's3cret s3cret' user=u",
        "postgres://h/d?PASSWORD=s3cret", "x://ann:s3cret@@h"})
    EXPECT_EQ(redacted_text(text).find("s3cret"), std::string::npos) << redacted_text(text);
  EXPECT_EQ(redacted_text("host=h password=s3cret user=u"), "host=h password=*** user=u");
}

TEST(Url, masks_secrets_wherever_they_stand) {
  EXPECT_EQ(masked("no s3cret, no s3crets", {"s3cret"}), "no ***, no ***s");
  EXPECT_EQ(masked("ab", {"ab", ""}), "ab");
}

}  // namespace
}  // namespace steward::url
