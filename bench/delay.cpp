// Runs a command behind a slow link: a proxy on loopback that holds back every byte for a fixed
// time, each way, and counts the round trips. The command finds it by PGHOST and PGPORT.
//
//   delay MILLISECONDS SOCKET COMMAND [ARGUMENT...]    SOCKET: /tmp/x/.s.PGSQL.5432
//
// MILLISECONDS is for one way: 10 makes a link of 20 ms. When the command ends, prints one line on
// stderr: round_trips=N up=BYTES down=BYTES. A round trip is counted when the server speaks after
// the client did; those that open the connection are counted too, the client's farewell is not.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <list>
#include <string>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t piece_size = 64 * 1024;
constexpr std::size_t most_held = 64;  // pieces under way in one direction: the link's buffer
constexpr std::chrono::milliseconds longest_wait{20};  // so that the command's end is noticed

struct Totals {
  long round_trips = 0;
  long long up = 0;
  long long down = 0;
};

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(2);
}

// What was read at one end and is due at the other.
struct Piece {
  Clock::time_point due;
  std::string bytes;
};

// One direction of a connection.
struct Pipe {
  int from;
  int to;
  std::deque<Piece> held;
  bool ended = false;  // nothing more comes; what is held is still delivered

  bool wants_more() const { return !ended && held.size() < most_held; }
  bool done() const { return ended && held.empty(); }

  // How many bytes came.
  std::size_t take(std::chrono::milliseconds delay) {
    std::string bytes(piece_size, '\0');
    const ssize_t count = recv(from, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count <= 0) {
      ended = count == 0 || (errno != EINTR && errno != EAGAIN);
      return 0;
    }
    bytes.resize(static_cast<std::size_t>(count));
    held.push_back({Clock::now() + delay, std::move(bytes)});
    return static_cast<std::size_t>(count);
  }

  // Gives what is due, as much as the other end takes.
  void give() {
    while (!held.empty() && held.front().due <= Clock::now()) {
      std::string& bytes = held.front().bytes;
      const ssize_t count = send(to, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (count < 0) {
        ended = true;
        held.clear();
        return;
      }
      bytes.erase(0, static_cast<std::size_t>(count));
      if (bytes.empty()) held.pop_front();
    }
  }
};

class Link {
 public:
  Link(int client, int server) : up_{client, server, {}}, down_{server, client, {}} {}
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() {
    close(up_.from);
    close(up_.to);
  }

  void move(bool client_ready, bool server_ready, std::chrono::milliseconds delay, Totals& totals) {
    if (client_ready && up_.wants_more()) count_up(up_.take(delay), totals);
    if (server_ready && down_.wants_more()) count_down(down_.take(delay), totals);
    up_.give();
    down_.give();
  }

  bool done() const { return up_.done() || down_.done(); }
  pollfd client() const { return events(up_, down_); }
  pollfd server() const { return events(down_, up_); }

  // When the next piece is due, if that is before `soonest`.
  Clock::time_point next_due(Clock::time_point soonest) const {
    for (const Pipe* pipe : {&up_, &down_})
      if (!pipe->held.empty()) soonest = std::min(soonest, pipe->held.front().due);
    return soonest;
  }

 private:
  // What to wait for at the end that `in` reads from and `out` writes to.
  static pollfd events(const Pipe& in, const Pipe& out) {
    const bool blocked = !out.held.empty() && out.held.front().due <= Clock::now();
    const int events = (in.wants_more() ? POLLIN : 0) | (blocked ? POLLOUT : 0);
    // An end that nothing is wanted of is left out: it would report its hanging up again and again.
    return {events == 0 ? -1 : in.from, static_cast<short>(events), 0};
  }
  void count_up(std::size_t bytes, Totals& totals) {
    totals.up += static_cast<long long>(bytes);
    if (bytes > 0) asked_ = true;
  }
  void count_down(std::size_t bytes, Totals& totals) {
    totals.down += static_cast<long long>(bytes);
    if (bytes > 0 && std::exchange(asked_, false)) ++totals.round_trips;
  }

  Pipe up_;
  Pipe down_;
  bool asked_ = false;  // the client spoke last
};

int listen_on_loopback(std::string& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || bind(listener, generic, size) != 0 || listen(listener, 16) != 0 ||
      getsockname(listener, generic, &size) != 0)
    fail("delay: cannot listen");
  port = std::to_string(ntohs(address.sin_port));
  return listener;
}

int connect_to(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (server < 0 || connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    fail(path);
  return server;
}

// Both end with whoever started this: a proxy left alone would hold its port for ever.
pid_t start(char** command, const std::string& port) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const pid_t child = fork();
  if (child < 0) fail("delay: cannot fork");
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setenv("PGHOST", "127.0.0.1", 1);
  setenv("PGPORT", port.c_str(), 1);
  execvp(command[0], command);
  std::perror(command[0]);
  _exit(127);
}

class Proxy {
 public:
  Proxy(int listener, const char* path, std::chrono::milliseconds delay)
      : listener_(listener), path_(path), delay_(delay) {}

  // Waits for the next thing to do, a moment at most, and does it.
  void turn() {
    std::vector<pollfd> ends{{listener_, POLLIN, 0}};
    for (const Link& link : links_) {
      ends.push_back(link.client());
      ends.push_back(link.server());
    }
    const timespec limit = time_left();
    if (ppoll(ends.data(), ends.size(), &limit, nullptr) < 0 && errno != EINTR) fail("ppoll");
    std::size_t end = 1;
    for (Link& link : links_) {
      link.move(ends[end].revents != 0, ends[end + 1].revents != 0, delay_, totals_);
      end += 2;
    }
    links_.remove_if([](const Link& link) { return link.done(); });
    if (ends[0].revents != 0) accept_one();
  }

  const Totals& totals() const { return totals_; }

 private:
  timespec time_left() const {
    const Clock::time_point now = Clock::now();
    Clock::time_point until = now + longest_wait;
    for (const Link& link : links_) {
      // What is overdue waits for POLLOUT, not for the clock.
      const Clock::time_point due = link.next_due(until);
      if (due > now) until = due;
    }
    return {0, std::chrono::nanoseconds(until - now).count()};
  }

  void accept_one() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const int yes = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    links_.emplace_back(client, connect_to(path_));
  }

  int listener_;
  const char* path_;
  std::chrono::milliseconds delay_;
  std::list<Link> links_;
  Totals totals_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: delay MILLISECONDS SOCKET COMMAND [ARGUMENT...]\n");
    return 2;
  }
  std::string port;
  Proxy proxy(listen_on_loopback(port), argv[2], std::chrono::milliseconds(std::atoi(argv[1])));
  const pid_t child = start(argv + 3, port);
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) proxy.turn();
  const Totals& totals = proxy.totals();
  std::fprintf(stderr, "round_trips=%ld up=%lld down=%lld\n", totals.round_trips, totals.up,
               totals.down);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
