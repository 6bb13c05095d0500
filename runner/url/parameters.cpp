#include "runner/url/parameters.h"

#include <algorithm>
#include <array>

namespace steward::url {
namespace {

using std::string_view_literals::operator""sv;

// What is in no list here is refused as a slip of the pen.
constexpr std::array libpq_keywords = {
    "application_name"sv,
    "channel_binding"sv,
    "client_encoding"sv,
    "connect_timeout"sv,
    "dbname"sv,
    "fallback_application_name"sv,
    "gssdelegation"sv,
    "gssencmode"sv,
    "gsslib"sv,
    "host"sv,
    "hostaddr"sv,
    "keepalives"sv,
    "keepalives_count"sv,
    "keepalives_idle"sv,
    "keepalives_interval"sv,
    "krbsrvname"sv,
    "load_balance_hosts"sv,
    "max_protocol_version"sv,
    "min_protocol_version"sv,
    "oauth_client_id"sv,
    "oauth_client_secret"sv,
    "oauth_issuer"sv,
    "oauth_scope"sv,
    "options"sv,
    "passfile"sv,
    "password"sv,
    "port"sv,
    "replication"sv,
    "require_auth"sv,
    "requirepeer"sv,
    "requiressl"sv,
    "scram_client_key"sv,
    "scram_server_key"sv,
    "service"sv,
    "servicefile"sv,
    "ssl_max_protocol_version"sv,
    "ssl_min_protocol_version"sv,
    "sslcert"sv,
    "sslcertmode"sv,
    "sslcompression"sv,
    "sslcrl"sv,
    "sslcrldir"sv,
    "sslkey"sv,
    "sslkeylogfile"sv,
    "sslmode"sv,
    "sslnegotiation"sv,
    "sslpassword"sv,
    "sslrootcert"sv,
    "sslsni"sv,
    "target_session_attrs"sv,
    "tcp_user_timeout"sv,
    "user"sv,
};

constexpr std::array driver_parameters = {
    "async_fallback"sv,
    "binary_parameters"sv,
    "command_timeout"sv,
    "connection_limit"sv,
    "default_query_exec_mode"sv,
    "max_overflow"sv,
    "pgbouncer"sv,
    "pool_timeout"sv,
    "prepare_threshold"sv,
    "preparethreshold"sv,
    "prepared_statement_cache_size"sv,
    "prepared_statement_name_func"sv,
    "prepared_statements"sv,
    "reaping_frequency"sv,
    "socket_timeout"sv,
    "sslaccept"sv,
    "sslidentity"sv,
    "statement_cache_capacity"sv,
    "statement_cache_mode"sv,
    "statement_cache_size"sv,
    "supa"sv,
    "timeout"sv,
    "uselibpqcompat"sv,
    "workaround"sv,
};

constexpr std::array search_path_parameters = {"schema"sv, "search_path"sv, "currentschema"sv};
constexpr std::array secret_keys = {"password"sv, "sslpassword"sv, "oauth_client_secret"sv,
                                    "scram_client_key"sv, "scram_server_key"sv};

template <typename List>
bool listed(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

bool libpq_knows(std::string_view name) {
  return listed(libpq_keywords, name);
}

bool belongs_to_driver(std::string_view name) {
  return listed(driver_parameters, name) || name.starts_with("pool_") || name.starts_with("x-");
}

bool names_search_path(std::string_view name) {
  return listed(search_path_parameters, name);
}

bool is_secret(std::string_view name) {
  return listed(secret_keys, name);
}

}  // namespace steward::url
