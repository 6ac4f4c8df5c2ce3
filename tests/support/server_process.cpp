#include "tests/support/server_process.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define CONFAB_ADDRESS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CONFAB_ADDRESS_SANITIZED 1
#endif
#endif

namespace confab::test {

namespace {

/// The words of CONFAB_SERVER_OPTIONS, with which a suite runs a second time.
std::vector<std::string> options_of_environment() {
  const auto* text = std::getenv("CONFAB_SERVER_OPTIONS");
  std::istringstream words{text == nullptr ? "" : text};
  return {std::istream_iterator<std::string>{words}, {}};
}

/// What makes a shell become the server, with its stderr in `log_path` (the shell's $0): a pipe
/// would fill while the test waits for something else, and then hold up the server.
std::vector<std::string> shell_arguments(const std::string& log_path,
                                         const std::vector<std::string>& options) {
  const auto* folder = std::getenv("CONFAB_BIN");
  std::vector<std::string> result{"-c", "exec \"$@\" 2>\"$0\"", log_path,
                                  std::string{folder == nullptr ? "." : folder} + "/server", "0"};
  const auto more = options_of_environment();
  result.insert(result.end(), more.begin(), more.end());
  result.insert(result.end(), options.begin(), options.end());
  return result;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char each) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  });
  return text;
}

/// The number after `listening: tagged on port `, or nothing as long as that line is not complete.
std::optional<std::uint16_t> announced_port(const std::string& log) {
  const std::string announcement = "listening: tagged on port ";
  const auto found = log.find(announcement);
  if (found == std::string::npos || log.find('\n', found) == std::string::npos)
    return std::nullopt;
  return static_cast<std::uint16_t>(std::stoul(log.substr(found + announcement.size())));
}

void require_reply(client& connection, const std::string& request, const std::string& expected) {
  if (const auto reply = connection.request(request); reply != expected)
    throw std::runtime_error{request + " was answered " + reply};
}

}  // namespace

#if defined(CONFAB_ADDRESS_SANITIZED)
const bool memory_is_meaningful = false;
#else
const bool memory_is_meaningful = true;
#endif

bool long_run() {
  const auto* value = std::getenv("CONFAB_LONG");
  return value != nullptr && std::string_view{value} == "1";
}

temporary_log::temporary_log()
    : path_((std::filesystem::temp_directory_path() / "confab-log-XXXXXX").string()) {
  const auto fd = ::mkstemp(path_.data());
  if (fd < 0)
    throw std::runtime_error{"cannot make " + path_};
  ::close(fd);
}

temporary_log::~temporary_log() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

running_server::running_server(const std::vector<std::string>& options, start_of_server start)
    : process_("/bin/sh", shell_arguments(log_.path(), options)) {
  if (start == start_of_server::awaited)
    await_start();
}

void running_server::await_start() {
  std::optional<std::uint16_t> port;
  wait_until(
      [&] {
        const auto runs = process_.running();
        port = announced_port(log());
        if (!runs && !port)
          throw std::runtime_error{"server ended at once; stderr: " + log()};
        return port.has_value();
      },
      "server does not say 'listening: tagged on port N' on stderr");
  port_ = *port;
}

running_server::~running_server() {
  // A test that fails already needs no second complaint; ~process kills what is left.
  if (!finished_ && std::uncaught_exceptions() == 0)
    stop();
}

client running_server::sender(const std::string& user, const std::string& room) const {
  auto result = connect();
  require_reply(result, "slogin:" + user, "ok:logged in as " + user);
  if (!room.empty())
    require_reply(result, "join:" + room, "ok:joined room " + room);
  return result;
}

client running_server::receiver(const std::string& user, const std::string& room,
                                const connect_options& options) const {
  auto result = connect(options);
  require_reply(result, "rlogin:" + user, "ok:logged in as " + user);
  require_reply(result, "join:" + room, "ok:welcome");
  return result;
}

std::string running_server::log() const {
  std::ifstream file{log_.path()};
  return {std::istreambuf_iterator<char>{file}, {}};
}

bool running_server::log_has(const std::string& text) const {
  return lower(log()).find(lower(text)) != std::string::npos;
}

void running_server::wait_for_log(const std::string& text) const {
  wait_until([&] { return log_has(text); }, "'" + text + "' on the server's stderr");
}

void running_server::wait_for_descriptors(std::size_t count) const {
  wait_until([&] { return descriptors() <= count; },
             "no more than " + std::to_string(count) + " open descriptors in the server");
}

std::size_t running_server::descriptors() const {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{proc_path("fd")})
    ++count;
  return count;
}

std::uint16_t running_server::admin_port() const {
  const std::string words = "listening: admin on port ";
  wait_for_log(words);
  const auto text = log();
  return static_cast<std::uint16_t>(std::stoul(text.substr(text.find(words) + words.size())));
}

std::string running_server::admin_page(const std::string& path) const {
  client browser{admin_port()};
  browser.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  return browser.read_to_end();
}

std::string running_server::metric(const std::string& name) const {
  const auto page = admin_page("/metrics");
  const auto row = "\n" + name + " ";
  const auto found = page.find(row);
  if (found == std::string::npos)
    return {};
  const auto start = found + row.size();
  return page.substr(start, page.find('\n', start) - start);
}

void running_server::signal(int number) {
  process_.signal(number);
}

int running_server::wait() {
  const auto code = process_.wait(patience);
  if (!code)
    throw std::runtime_error{"server does not end; stderr: " + log()};
  finished_ = true;
  return *code;
}

void running_server::stop() {
  finished_ = true;
  process_.signal(SIGTERM);
  const auto code = process_.wait(patience);
  INFO("stderr of the server:\n" << log());
  CHECK(code == std::optional<int>{0});
  CHECK(process_.output().empty());
}

std::size_t running_server::status_bytes(std::string_view field) const {
  std::ifstream status{proc_path("status")};
  for (std::string word; status >> word;)
    if (std::size_t kibibytes = 0; word == field && status >> kibibytes)
      return kibibytes * 1024;
  throw std::runtime_error{"no " + std::string{field} + " in " + proc_path("status")};
}

std::string running_server::proc_path(const char* entry) const {
  return "/proc/" + std::to_string(process_.pid()) + "/" + entry;
}

void require_nothing_pending(client& receiver) {
  REQUIRE(receiver.request("leave:") == "err:invalid message tag");
}

}  // namespace confab::test
