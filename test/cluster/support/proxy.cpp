#include "test/cluster/support/proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

namespace fs = std::filesystem;

sockaddr_un address_of(const fs::path& directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (directory / ".s.PGSQL.5432").string().copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

int new_socket() {
  return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

pid_t peer(int client) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  getsockopt(client, SOL_SOCKET, SO_PEERCRED, &credentials, &size);
  return credentials.pid;
}

// The first whole message of what has arrived, taken off it; empty: more is needed. Only the
// client's first message has no letter before its length.
std::string take_message(std::string& arrived, bool lettered) {
  const std::size_t head = lettered ? 5 : 4;
  if (arrived.size() < head) return "";
  std::size_t length = 0;
  for (std::size_t i = head - 4; i < head; ++i)
    length = length << 8 | static_cast<unsigned char>(arrived[i]);
  length += head - 4;
  if (arrived.size() < length) return "";
  std::string message = arrived.substr(0, length);
  arrived.erase(0, length);
  return message;
}

}  // namespace

// The two ends of a connection, and what arrived of a message that is not whole yet.
struct Proxy::Pair {
  int client;
  int server;
  std::string from_client{};
  std::string from_server{};
  bool started = false;
  bool deaf = false;  // answers are dropped from here on
};

Proxy::Proxy(const std::string& server_directory, Fault fault)
    : server_(server_directory), destination_(server_directory), fault_(std::move(fault)) {
  std::string name = (fs::temp_directory_path() / "steward-proxy-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
  directory_ = name;
  listener_ = new_socket();
  const sockaddr_un address = address_of(directory_);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, 8) != 0)
    throw std::runtime_error("listen: " + name);
  thread_ = std::thread([this] { serve(); });
}

Proxy::~Proxy() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  {
    const std::lock_guard guard(mutex_);
    for (const int socket : open_) shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& carrier : carriers_) carrier.join();
  for (const int socket : open_) close(socket);
  close(listener_);
  fs::remove_all(directory_);
}

void Proxy::lead_to(const std::string& server_directory) {
  const std::lock_guard guard(mutex_);
  destination_ = server_directory;
}

std::string Proxy::through(const std::string& url) const {
  std::string text = url;
  const std::string from = escaped(server_);
  return text.replace(text.find(from), from.size(), escaped(directory_.string()));
}

void Proxy::serve() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const std::lock_guard guard(mutex_);
    open_.push_back(client);
    carriers_.emplace_back([this, client] { carry(client); });
  }
}

void Proxy::carry(int client) {
  Pair pair{client, new_socket()};
  sockaddr_un address{};
  {
    const std::lock_guard guard(mutex_);
    address = address_of(destination_);
    open_.push_back(pair.server);
  }
  bool open =
      connect(pair.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  while (open) {
    std::array<pollfd, 2> ends{{{client, POLLIN, 0}, {pair.server, POLLIN, 0}}};
    if (poll(ends.data(), ends.size(), -1) < 0) break;
    if (ends[0].revents != 0) open = pass(pair, true);
    if (open && ends[1].revents != 0) open = pass(pair, false);
  }
  shutdown(pair.server, SHUT_RDWR);
  shutdown(client, SHUT_RDWR);
}

// Passes on what has come from one end; false when the connection is over.
bool Proxy::pass(Pair& pair, bool from_client) {
  std::array<char, 65536> buffer;
  const ssize_t size = read(from_client ? pair.client : pair.server, buffer.data(), buffer.size());
  if (size <= 0) return false;
  std::string& arrived = from_client ? pair.from_client : pair.from_server;
  arrived.append(buffer.data(), static_cast<std::size_t>(size));
  for (;;) {
    const std::string message = take_message(arrived, !from_client || pair.started);
    if (message.empty()) return true;
    if (from_client) pair.started = true;
    const bool struck = strikes(message, from_client);
    if (struck && fault_.what == Fault::What::kill_client) kill(peer(pair.client), SIGKILL);
    if (struck && !fault_.passed_on) return false;
    pair.deaf = pair.deaf || struck;
    // The server is done when it is ready for the next query, or waits for a COPY's data.
    const bool waits = message[0] == 'Z' || message[0] == 'G';
    if (pair.deaf && !from_client && waits) return false;
    if (pair.deaf && !from_client) continue;
    const int to = from_client ? pair.server : pair.client;
    if (send(to, message.data(), message.size(), MSG_NOSIGNAL) < 0) return false;
  }
}

bool Proxy::strikes(const std::string& message, bool from_client) {
  const int number = ++messages_;
  if (fault_.what == Fault::What::none || happened_) return false;
  const bool now = fault_.at > 0 ? number == fault_.at
                                 : from_client && message.find(fault_.text) != message.npos;
  if (now) happened_ = true;
  return now;
}

}  // namespace steward::test
