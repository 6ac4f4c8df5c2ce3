#include "tests/browser/browser.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/deadline.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace confab::test {

namespace {

using nlohmann::json;
using namespace std::chrono_literals;

/// The descriptors on which Chromium speaks: it reads from the first one.
constexpr int pipe_in = 3;
constexpr int pipe_out = 4;
/// Beyond those, so that none is lost while they are put in place.
constexpr int first_free_descriptor = 10;
constexpr std::chrono::milliseconds end_span{3000};

struct pipe_ends {
  int read = -1;
  int write = -1;
};

pipe_ends make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe2"};
  return {ends[0], ends[1]};
}

std::vector<std::string> arguments_of(const std::string& program, const std::string& profile) {
  std::vector<std::string> result{program,
                                  "--headless",
                                  "--disable-gpu",
                                  "--disable-dev-shm-usage",
                                  "--disable-background-networking",
                                  "--disable-component-update",
                                  "--disable-extensions",
                                  "--disable-sync",
                                  "--no-first-run",
                                  "--no-default-browser-check",
                                  "--remote-debugging-pipe",
                                  "--user-data-dir=" + profile};
  if (::geteuid() == 0)
    result.emplace_back("--no-sandbox");  // Chromium refuses to have one as root.
  return result;
}

bool is_program(const std::filesystem::path& path) {
  return ::access(path.c_str(), X_OK) == 0 && !std::filesystem::is_directory(path);
}

}  // namespace

std::optional<std::string> find_browser() {
  if (const auto* chosen = std::getenv("CONFAB_BROWSER"))
    return is_program(chosen) ? std::optional<std::string>{chosen} : std::nullopt;
  const auto* path = std::getenv("PATH");
  for (const auto* name : {"chromium-headless-shell", "chromium"}) {
    std::istringstream folders{path == nullptr ? "/usr/bin" : path};
    for (std::string folder; std::getline(folders, folder, ':');)
      if (const auto program = std::filesystem::path{folder} / name; is_program(program))
        return program.string();
  }
  return std::nullopt;
}

bool has_browser() {
  if (find_browser())
    return true;
  WARN("skipped here: there is no Chromium; Debian's package is chromium-headless-shell");
  return false;
}

browser::browser() {
  const auto program = find_browser();
  if (!program)
    throw std::runtime_error{"there is no browser"};
  try {
    launch(*program);
    call({}, "Target.setDiscoverTargets", {{"discover", false}});
  } catch (...) {
    end();
    throw;
  }
}

browser::~browser() {
  end();
}

void browser::launch(const std::string& program) {
  const auto commands = make_pipe();
  const auto answers = make_pipe();
  const auto arguments = arguments_of(program, profile_.path());
  std::vector<char*> pointers;
  for (const auto& each : arguments)
    pointers.push_back(const_cast<char*>(each.c_str()));
  pointers.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0)
    throw std::system_error{errno, std::generic_category(), "fork"};
  if (pid_ == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int in = ::fcntl(commands.read, F_DUPFD, first_free_descriptor);
    const int out = ::fcntl(answers.write, F_DUPFD, first_free_descriptor);
    ::dup2(in, pipe_in);
    ::dup2(out, pipe_out);
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
      ::dup2(null, standard);
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  ::setpgid(pid_, pid_);
  ::close(commands.read);
  ::close(answers.write);
  to_ = commands.write;
  from_ = answers.read;
}

/// Asks it to end, so that it writes nothing any more into the profile that is removed then.
void browser::end() noexcept {
  try {
    if (to_ >= 0)
      write(json{{"id", ++last_id_}, {"method", "Browser.close"}}.dump());
  } catch (const std::exception&) {
    // It has ended already, or is killed below.
  }
  if (to_ >= 0)
    ::close(to_);
  if (from_ >= 0)
    ::close(from_);
  if (pid_ > 0) {
    const deadline end{end_span};
    bool ended = false;
    while (!ended && !end.passed()) {
      ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
      if (!ended)
        std::this_thread::sleep_for(10ms);
    }
    ::kill(-pid_, SIGKILL);
    if (!ended)
      ::waitpid(pid_, nullptr, 0);
  }
}

void browser::write(const std::string& message) const {
  const auto bytes = message + '\0';
  for (std::size_t done = 0; done < bytes.size();) {
    const auto count = ::write(to_, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno != EINTR)
      throw std::runtime_error{"the browser is gone"};
    done += count < 0 ? 0 : static_cast<std::size_t>(count);
  }
}

json browser::call(const std::string& session, const std::string& method, json params) {
  const int id = ++last_id_;
  json message{{"id", id}, {"method", method}, {"params", std::move(params)}};
  if (!session.empty())
    message["sessionId"] = session;
  write(message.dump());
  for (;;) {
    auto got = next();
    if (got.value("id", 0) != id) {
      note(got);
      continue;
    }
    if (got.contains("error"))
      throw std::runtime_error{method + ": " + got["error"].dump()};
    return got["result"];
  }
}

json browser::next() {
  const deadline end{waiting_span};
  for (;;) {
    if (const auto found = buffer_.find('\0'); found != std::string::npos) {
      auto result = json::parse(buffer_.substr(0, found));
      buffer_.erase(0, found + 1);
      return result;
    }
    pollfd ready{from_, POLLIN, 0};
    if (::poll(&ready, 1, end.poll_milliseconds(1000)) < 0 && errno != EINTR)
      throw std::system_error{errno, std::generic_category(), "poll"};
    if (ready.revents == 0) {
      if (end.passed())
        throw std::runtime_error{"the browser does not answer"};
      continue;
    }
    std::array<char, 65536> chunk{};
    const auto count = ::read(from_, chunk.data(), chunk.size());
    if (count <= 0)
      throw std::runtime_error{"the browser has ended"};
    buffer_.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

void browser::note(const json& message) {
  const auto method = message.value("method", "");
  const auto session = message.value("sessionId", "");
  const auto& params = message.contains("params") ? message["params"] : json::object();
  auto& events = events_[session];
  if (method == "Network.requestWillBeSent") {
    events.requests.push_back(params["request"].value("url", ""));
  } else if (method == "Runtime.exceptionThrown") {
    events.complaints.push_back(params["exceptionDetails"].dump());
  } else if (method == "Log.entryAdded" && params["entry"].value("level", "") == "error") {
    events.complaints.push_back(params["entry"].value("text", ""));
  } else if (method == "Page.javascriptDialogOpening") {
    ++events.dialogs;
    write(json{{"id", ++last_id_},
               {"method", "Page.handleJavaScriptDialog"},
               {"sessionId", session},
               {"params", {{"accept", false}}}}
              .dump());
  }
}

}  // namespace confab::test
