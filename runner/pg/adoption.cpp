#include "runner/pg/adoption.h"

#include <pqxx/pqxx>
#include <utility>

namespace steward::pg {

// libpqxx over a connection that libpq has opened; it owns it from then on.
#if PQXX_VERSION_MAJOR < 7
namespace {

class Policy : public pqxx::connectionpolicy {
 public:
  explicit Policy(PGconn* raw) : connectionpolicy(std::string{}), raw_(raw) {}
  handle do_startconnect(handle now) override {
    if (now != nullptr) return now;
    // A second time would be libpqxx connecting again by itself, which must never happen unseen.
    if (raw_ == nullptr) throw pqxx::broken_connection("the connection is closed");
    return std::exchange(raw_, nullptr);
  }
  handle do_completeconnect(handle now) override { return now; }
  bool is_ready(handle) const noexcept override { return true; }

 private:
  PGconn* raw_;
};

}  // namespace

class Adoption::Session : public pqxx::connection_base {
 public:
  explicit Session(PGconn* raw) : connection_base(policy_), policy_(raw) { init(); }
  ~Session() { close(); }
  pqxx::connection_base& connection() { return *this; }

 private:
  Policy policy_;
};

#else
class Adoption::Session {
 public:
  explicit Session(PGconn* raw) : connection_(pqxx::connection::seize_raw_connection(raw)) {}
  pqxx::connection& connection() { return connection_; }

 private:
  pqxx::connection connection_;
};

#endif

namespace {

#if PQXX_VERSION_MAJOR < 7
pqxx::result execute(pqxx::nontransaction& transaction, const std::string& statement,
                     const Parameters& parameters) {
  std::vector<const char*> values;
  for (const auto& value : parameters) values.push_back(value ? value->c_str() : nullptr);
  return transaction.exec_params(statement, pqxx::prepare::make_dynamic_params(values));
}
#else
pqxx::result execute(pqxx::nontransaction& transaction, const std::string& statement,
                     const Parameters& parameters) {
  pqxx::params values;
  for (const auto& value : parameters)
    if (value)
      values.append(*value);
    else
      values.append();
  return transaction.exec(statement, values);
}
#endif

Rows copied(const pqxx::result& result) {
  std::vector<std::string> columns;
  for (pqxx::row_size_type i = 0; i < result.columns(); ++i)
    columns.emplace_back(result.column_name(i));
  Rows rows(std::move(columns));
  for (pqxx::result_size_type r = 0; r < result.size(); ++r) {
    const auto row = result[r];
    for (pqxx::row_size_type c = 0; c < result.columns(); ++c) {
      const auto field = row[c];
      const std::string_view value(field.c_str(), static_cast<std::size_t>(field.size()));
      rows.add(field.is_null() ? std::nullopt : std::optional(value));
    }
  }
  return rows;
}

}  // namespace

Adoption::Adoption(PGconn* raw) : session_(std::make_unique<Session>(raw)) {}

Adoption::~Adoption() = default;

Rows Adoption::query(const std::string& statement, const Parameters& parameters) {
  try {
    pqxx::nontransaction transaction(session_->connection());
    return copied(execute(transaction, statement, parameters));
  } catch (const pqxx::failure& failure) {
    throw Refusal(failure.what());
  }
}

}  // namespace steward::pg
