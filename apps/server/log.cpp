#include "apps/server/log.hpp"

#include "io/text/printable.hpp"

#include <cstddef>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>

namespace confab::server {

namespace {

/// A pipe that is ready takes PIPE_BUF bytes, 4096, without blocking. A quarter of it lets several
/// threads that have found it ready write a line each.
constexpr std::size_t line_bytes_max = 1024;

/// Writes each line with one system call, if that does not block. Nothing in it changes after the
/// start, so several threads may use it.
class stderr_sink final : public spdlog::sinks::sink {
 public:
  void log(const spdlog::details::log_msg& message) override {
    pollfd stderr_ready{STDERR_FILENO, POLLOUT, 0};
    if (::poll(&stderr_ready, 1, 0) <= 0)
      return;
    spdlog::memory_buf_t buffer;
    formatter_->clone()->format(message, buffer);
    const std::string_view text{buffer.data(), buffer.size() - 1};  // Without the line's end.
    const auto line = shortened(text, line_bytes_max - 1) + '\n';
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  }

  void flush() override {}
  void set_pattern(const std::string& pattern) override {
    formatter_ = std::make_unique<spdlog::pattern_formatter>(pattern);
  }
  void set_formatter(std::unique_ptr<spdlog::formatter> formatter) override {
    formatter_ = std::move(formatter);
  }

 private:
  std::unique_ptr<spdlog::formatter> formatter_;
};

}  // namespace

std::shared_ptr<spdlog::logger> make_log(const std::string& level) {
  auto log = std::make_shared<spdlog::logger>("server", std::make_shared<stderr_sink>());
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
  log->set_level(spdlog::level::from_str(level));
  return log;
}

}  // namespace confab::server
