#include "runner/program.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <thread>

#include "runner/error.h"
#include "runner/signals.h"
#include "runner/text.h"
#include "runner/url.h"

namespace steward::program {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t errors_kept = std::size_t{8} * 1024;
constexpr std::chrono::milliseconds tick{100};  // a signal may come between two looks

// One of the program's streams, read as it comes.
class Stream {
 public:
  Stream() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Error(Exit::unexpected, "cannot_run", "no pipe could be made", std::strerror(errno));
    read_ = ends[0];
    write_ = ends[1];
  }
  ~Stream() {
    close(read_);
    started();
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  int descriptor() const { return read_; }
  int given() const { return write_; }
  void started() {
    if (write_ >= 0) close(write_);
    write_ = -1;
  }
  bool open() const { return open_; }

  // Takes what is there; nothing more comes when the last writer closed it.
  void take() {
    std::array<char, 65536> buffer{};
    const ssize_t size = read(read_, buffer.data(), buffer.size());
    if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
    if (size == 0 || (size < 0 && errno != EINTR)) open_ = false;
  }

  std::string text;

 private:
  int read_ = -1;
  int write_ = -1;
  bool open_ = true;
};

// The program while it runs: ended with all it started when it is left early.
class Running {
 public:
  Running(const process::Command& command, Stream& out, Stream& err)
      : child_(process::spawn(command, out.given(), err.given())) {
    out.started();
    err.started();
  }
  ~Running() {
    kill(-child_, SIGKILL);  // what it left behind, also when it has ended itself
    if (!code_) waitpid(child_, nullptr, 0);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  // Its exit code, when it has ended.
  std::optional<int> code() {
    if (!code_) code_ = process::ended(child_);
    return code_;
  }

 private:
  pid_t child_;
  std::optional<int> code_;
};

// A program that cannot connect likes to print the URL it tried.
std::string without_passwords(std::string_view text) {
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t space = std::min(text.find_first_of(" \t\n'\"", at), text.size());
    const std::string_view word = text.substr(at, space - at);
    safe += word.find("://") == word.npos ? std::string(word) : url::redacted_text(word);
    if (space < text.size()) safe += text[space];
    at = space + 1;
  }
  return safe;
}

class Conversation {
 public:
  Conversation(const process::Command& command, const std::string& what, const Limits& limits)
      : command_(command),
        what_(what),
        limits_(limits),
        end_(Clock::now() + limits.time),
        running_(command, out_, err_) {}

  Answer finish() {
    while (out_.open() || err_.open()) listen();
    while (!running_.code()) pause();
    if (*running_.code() != 0)
      throw failure("program_failed", " ended with exit code " + std::to_string(*running_.code()));
    require_text();
    return {std::move(out_.text), std::move(err_.text)};
  }

 private:
  void listen() {
    require_time();
    std::array<pollfd, 2> polled{{{out_.open() ? out_.descriptor() : -1, POLLIN, 0},
                                  {err_.open() ? err_.descriptor() : -1, POLLIN, 0}}};
    if (poll(polled.data(), polled.size(), static_cast<int>(tick.count())) <= 0) return;
    if (polled[0].revents != 0) out_.take();
    if (polled[1].revents != 0) err_.take();
    if (err_.text.size() > 2 * errors_kept) err_.text.erase(0, err_.text.size() - errors_kept);
    if (out_.text.size() > limits_.size)
      throw failure("program_too_long",
                    " printed more than " + std::to_string(limits_.size / 1024 / 1024) + " MB");
  }

  void pause() {
    require_time();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  void require_time() const {
    signals::check();
    if (Clock::now() > end_)
      throw failure("program_too_slow",
                    " did not end within " + std::to_string(limits_.time.count()) + " ms");
  }

  void require_text() const {
    Utf8Check check;
    if (!check.feed(out_.text) || !check.finish())
      throw failure("program_output", " printed what is no UTF-8 text");
    if (trim(out_.text).empty()) throw failure("program_output", " printed nothing");
  }

  Error failure(const std::string& code, const std::string& happened) const {
    std::string errors =
        err_.text.substr(err_.text.size() - std::min(err_.text.size(), errors_kept));
    return Error(Exit::failed, code, what_ + happened, without_passwords(trim(errors)),
                 "run it by hand: " + line());
  }

  // What to type in a shell.
  std::string line() const {
    std::string text;
    if (!command_.directory.empty()) text = "cd " + command_.directory.string() + " &&";
    for (const std::string& word : command_.argv) {
      const bool plain =
          !word.empty() && word.find_first_of(" \t\n'\"\\$`&|;<>()*?[]#~!{}") == std::string::npos;
      text += (text.empty() ? "" : " ") + (plain ? word : quote_literal(word));
    }
    return text;
  }

  const process::Command& command_;
  const std::string& what_;
  const Limits& limits_;
  const Clock::time_point end_;
  Stream out_, err_;
  Running running_;
};

}  // namespace

Answer ask(const process::Command& command, const std::string& what, const Limits& limits) {
  if (process::find_program(command.argv.at(0)).empty())
    throw Error(Exit::usage, "program_not_found",
                what + ": there is no program \"" + command.argv[0] + "\"", "looked on PATH",
                "install it, or write its path");
  return Conversation(command, what, limits).finish();
}

}  // namespace steward::program
