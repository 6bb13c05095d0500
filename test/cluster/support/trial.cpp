#include "test/cluster/support/trial.h"

#include <algorithm>

#include "runner/referee.h"
#include "runner/snapshot.h"
#include "test/cluster/support/programs.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

constexpr const char* application = "steward test";

// A schema in a database of its own.
class Built {
 public:
  explicit Built(const Pieces& wanted)
      : url_(Server::shared().new_database()), connection_(url::parse(url_), application) {
    pieces_ = load(connection_, wanted);
  }
  ~Built() { connection_.run("SELECT 1"), forget(); }
  Built(const Built&) = delete;
  Built& operator=(const Built&) = delete;

  const Pieces& pieces() const { return pieces_; }
  snapshot::Snapshot snapshot() { return snapshot::read(connection_); }
  referee::Description description() {
    return referee::describe(postgres_program("pg_dump"), url::parse(url_), connection_);
  }
  void run(const std::string& statement) { connection_.run(statement); }

 private:
  void forget() const {
    const std::string name = *url::parse(url_).find("dbname");
    pg::Connection maker(url::parse(Server::shared().url("postgres")), application);
    maker.run("DROP DATABASE " + name + " WITH (FORCE)");
  }

  std::string url_;
  pg::Connection connection_;
  Pieces pieces_;
};

std::string lines(const std::vector<std::string>& parts) {
  return joined(parts, "\n");
}

Verdict wrong(const std::string& step, const std::string& text, const diff::Script& script) {
  return {script.warnings.empty() ? Verdict::Kind::wrong : Verdict::Kind::warned, step,
          text + "\n" + lines(script.warnings), diff::to_text(script)};
}

// Empty: it ran.
std::string run(Built& built, const diff::Script& script) {
  built.run("SET check_function_bodies = off");  // as diff::to_text() has it
  for (const diff::Statement& statement : script.statements) try {
      built.run(statement.sql);
    } catch (const pg::QueryFailed& failed) {
      return std::string(failed.what()) + "\n" + failed.detail() + "\n" + statement.sql;
    }
  return {};
}

// Runs the script, and compares with what should be there now.
Verdict arrive(Built& built, const diff::Script& script, const snapshot::Snapshot& wanted,
               const referee::Description& described, const std::string& step) {
  if (const std::string failure = run(built, script); !failure.empty()) {
    // The server itself cannot: a row type in use as a column's type.
    const bool impossible = failure.find("uses its row type") != failure.npos;
    Verdict verdict = wrong(step, failure, script);
    if (impossible) verdict.kind = Verdict::Kind::refused;
    return verdict;
  }
  const auto unlike = referee::differences(described, built.description());
  const snapshot::Snapshot now = built.snapshot();
  const auto left = diff::summary(now, wanted);
  if (!unlike.empty())
    return wrong("after the " + step + (left.empty() ? ", unseen by the snapshot" : ""),
                 lines(unlike) + "\n" + lines(left), script);
  if (!left.empty())
    return wrong("after the " + step + ", seen by the snapshot alone", lines(left), script);
  return {};
}

Verdict go(Built& before, Built& after) {
  const snapshot::Snapshot from = before.snapshot(), to = after.snapshot();
  const referee::Description first = before.description();
  const diff::Script up = diff::make(from, to), down = diff::make(to, from);
  Verdict verdict = arrive(before, up, to, after.description(), "upgrade");
  if (verdict.kind == Verdict::Kind::good) verdict = arrive(before, down, from, first, "downgrade");
  return verdict;
}

// What is wrong, without the names in it: a smaller pair must fail for the same reason.
std::string reason(const Verdict& verdict) {
  return verdict.step + verdict.text.substr(0, verdict.text.find_first_of("\"\n"));
}

}  // namespace

Verdict try_pair(const Pair& pair, Pair* built) {
  Built before(pair.before), after(pair.after);
  if (built != nullptr) *built = {before.pieces(), after.pieces()};
  try {
    return go(before, after);
  } catch (const pg::QueryFailed& failed) {
    return {Verdict::Kind::wrong, "reading", failed.what(), {}};
  } catch (const Error& error) {
    const bool known = error.code() == "diff_unmodelled";
    return {
        known ? Verdict::Kind::refused : Verdict::Kind::wrong, error.code(), error.detail(), {}};
  }
}

namespace {

// The pair without those pieces, on whichever side they are.
Pair without(const Pair& pair, const Pieces& gone) {
  Pair smaller;
  const auto keep = [&](const Pieces& from, Pieces& to) {
    for (const Piece& piece : from)
      if (std::find(gone.begin(), gone.end(), piece) == gone.end()) to.push_back(piece);
  };
  keep(pair.before, smaller.before);
  keep(pair.after, smaller.after);
  return smaller;
}

Pieces all_of(const Pair& pair) {
  Pieces all = pair.before;
  for (const Piece& piece : pair.after)
    if (std::find(all.begin(), all.end(), piece) == all.end()) all.push_back(piece);
  return all;
}

}  // namespace

Pair shrink(const Pair& pair) {
  Pair small = pair;
  const std::string wanted = reason(try_pair(pair, &small));
  for (std::size_t size = std::max<std::size_t>(all_of(small).size() / 2, 1);;
       size = std::max<std::size_t>(size / 2, 1)) {
    bool smaller = false;
    const Pieces all = all_of(small);
    for (std::size_t at = 0; at < all.size(); at += size) {
      const Pieces part(all.begin() + static_cast<long>(at),
                        all.begin() + static_cast<long>(std::min(at + size, all.size())));
      const Pair candidate = without(small, part);
      if (reason(try_pair(candidate)) != wanted) continue;
      small = candidate;
      smaller = true;
    }
    if (size == 1 && !smaller) return small;
  }
}

std::string to_text(const Pair& pair) {
  std::string text;
  for (const Piece& piece : pair.before) {
    const bool stays = std::find(pair.after.begin(), pair.after.end(), piece) != pair.after.end();
    text += (stays ? "  " : "- ") + piece.text + ";\n";
  }
  for (const Piece& piece : pair.after)
    if (std::find(pair.before.begin(), pair.before.end(), piece) == pair.before.end())
      text += "+ " + piece.text + ";\n";
  return text;
}

}  // namespace steward::test
