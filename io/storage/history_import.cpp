#include "actors/model/event_bounds.hpp"
#include "io/storage/history_transfer.hpp"
#include "io/storage/json_lines.hpp"

#include <istream>
#include <memory>
#include <string>
#include <utility>

namespace confab {
namespace {

constexpr std::size_t events_at_once = 1000;

/// No event is so long.
constexpr std::size_t line_bytes_max = 64 * 1024 * 1024;

/// Reads the next line, or the beginning of one that is too long. Whether there is one.
bool read_line(std::istream& in, std::string& line) {
  line.clear();
  auto* const bytes = in.rdbuf();
  for (auto next = bytes->sbumpc(); next != std::char_traits<char>::eof(); next = bytes->sbumpc()) {
    if (next == '\n' || line.size() > line_bytes_max)
      return true;
    line += static_cast<char>(next);
  }
  return !line.empty();
}

}  // namespace

import_outcome import_history(history_writer& writer, std::istream& in) {
  import_outcome result;
  storage::json_line_reader reader;
  std::vector<std::shared_ptr<const event_batch>> waiting;
  std::uint64_t line_number = 0;
  const auto at_line = [&](const std::string& what) {
    result.problem = "line " + std::to_string(line_number) + ": " + what;
  };
  const auto keep = [&] {
    missing_events missing;
    missing.events = waiting;
    const auto outcome = writer.keep_missing(missing, {}, 0);
    if (const auto* failure = std::get_if<storage_failure>(&outcome)) {
      at_line("the events up to it cannot be kept: " + failure->detail);
      return;
    }
    const auto kept = std::get<std::uint64_t>(outcome);
    result.kept += kept;
    result.skipped += waiting.size() - kept;
    waiting.clear();
  };
  std::string line;
  while (result.problem.empty() && read_line(in, line)) {
    ++line_number;
    if (line.size() > line_bytes_max) {
      at_line("is too long");
      break;
    }
    try {
      auto read = reader.read(line);
      if (const auto* wrong = problem_of_kept(*read)) {
        at_line(wrong);
        break;
      }
      waiting.push_back(std::move(read));
    } catch (const std::exception& error) {
      at_line(error.what());
      break;
    }
    if (waiting.size() >= events_at_once)
      keep();
  }
  if (result.problem.empty())
    keep();
  return result;
}

}  // namespace confab
