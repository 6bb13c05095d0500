// Connection targets: what a person gives as the database, understood. URLs in the spellings of
// libpq, SQLAlchemy and the ORMs, and libpq's keyword strings, become libpq's own settings;
// whatever is shown of them is redacted. Pure; knows nothing of where the text came from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace steward::url {

struct Setting {
  std::string key;  // a keyword of libpq: host, port, user, password, dbname, sslmode, ...
  std::string value;
};

struct Target {
  std::vector<Setting> settings;  // decoded, in the order given; empty: libpq's defaults and PG*
  std::string search_path;        // from ?schema= or ?search_path=
  bool pooled = false;            // pgbouncer=true: a pooler in transaction mode stands between

  const std::string* find(std::string_view key) const;  // nullptr when it was not given
  void set(std::string_view key, std::string value);    // replaces or adds
};

// Reads postgres:// and postgresql:// URLs, with a driver suffix or without
// (postgresql+asyncpg://), and keyword strings (host=... dbname=...). Unlike libpq it takes the
// last @ of the authority for the end of the password, so that one typed unencoded is not shown as
// a host. Throws Error(Exit::usage) with code unknown_scheme (mysql://, sqlite://, jdbc:... and a
// bare word, which libpq would take for a database's name) or bad_url; neither shows a password.
Target parse(std::string_view text);

// The target as a URL that is safe to print: password and sslpassword as ***, also within
// parameters.
std::string redacted(const Target& target);

// Any text a person gave as a target, safe to print though it may not parse: everything between ://
// and the last @ but the user's name, and the value of every parameter named like a password, as
// ***.
std::string redacted_text(std::string_view text);

// The secrets of the target, for masked(); empty when it has none.
std::vector<std::string> secrets(const Target& target);

// text with every occurrence of a secret replaced by ***. Secrets of fewer than 3 bytes are left
// alone.
std::string masked(std::string text, const std::vector<std::string>& secrets);

}  // namespace steward::url
