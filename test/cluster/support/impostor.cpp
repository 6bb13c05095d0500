#include "test/cluster/support/impostor.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace steward::test {
namespace {

namespace fs = std::filesystem;

// A message of the wire protocol: its letter, its length, its body.
std::string message(char letter, const std::string& body) {
  const auto size = static_cast<unsigned>(body.size() + 4);
  std::string text(1, letter);
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(size >> shift & 0xFF);
  return text + body;
}

std::string terminated(const std::string& text) {
  return text + '\0';
}

int listen_on(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 8) != 0)
    throw std::runtime_error("listen: " + path);
  return listener;
}

}  // namespace

Impostor::Impostor(std::string answer) : answer_(std::move(answer)) {
  std::string name = (fs::temp_directory_path() / "steward-impostor-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
  directory_ = name;
  listener_ = listen_on((directory_ / ".s.PGSQL.5432").string());
  thread_ = std::thread([this] { serve(); });
}

Impostor::~Impostor() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  fs::remove_all(directory_);
}

void Impostor::serve() {
  for (;;) {
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    std::array<char, 4096> buffer;
    if (read(client, buffer.data(), buffer.size()) > 0 &&
        send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL) > 0) {
      // Closing with unread bytes would take the answer back; what is sent next is not answered.
      pollfd waiting{client, POLLIN, 0};
      poll(&waiting, 1, 500);
    }
    close(client);
  }
}

std::string Impostor::url(const std::string& password) const {
  std::string host;
  for (const char c : directory_.string())
    host += c == '/' ? std::string("%2F") : std::string(1, c);
  return "postgresql://ann" + (password.empty() ? "" : ":" + password) + "@" + host + "/shop";
}

std::string Impostor::refusal(const std::string& sqlstate, const std::string& text) {
  return message('E', terminated("SFATAL") + terminated("VFATAL") + terminated("C" + sqlstate) +
                          terminated("M" + text) + '\0');
}

std::string Impostor::welcome(const std::vector<std::string>& parameters) {
  std::string text = message('R', std::string(4, '\0'));
  for (std::size_t i = 0; i + 1 < parameters.size(); i += 2)
    text += message('S', terminated(parameters[i]) + terminated(parameters[i + 1]));
  return text + message('K', std::string(8, '\1')) + message('Z', "I");
}

}  // namespace steward::test
