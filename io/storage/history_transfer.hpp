#pragma once

#include "actors/history_storage.hpp"
#include "io/storage/open_history.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

/// Takes a history out of its file, brings it into another one, and looks whether a file is sound.
namespace confab {

/// Writes every event as a line of JSON, room by room and oldest first. Returns how many, or why it
/// has ended early. A server may use the file; what it keeps meanwhile is written or not. A name or
/// text that is no UTF-8 becomes `{"base64": "..."}`.
std::variant<std::uint64_t, std::string> export_history(const history_settings& settings,
                                                        std::ostream& out);

/// What an import has done.
struct import_outcome {
  std::uint64_t kept = 0;
  std::uint64_t skipped = 0;  ///< Events that were kept before.
  std::string problem;        ///< Why it has ended early, with the line; empty: it has not.
};

/// Keeps the events of such lines, a thousand at a time: after a problem, those before the line
/// that it names may be there or not, and an import of the mended file adds what is missing. An
/// event comes to its place by its time, and is skipped if it was kept before, or taken back.
import_outcome import_history(history_writer& writer, std::istream& in);

/// Looks through a whole file, which is not changed. Returns what is wrong with it, one line each,
/// no more than some; nothing if it is sound. While a server uses the file, the inside of the index
/// of words is not looked at.
std::vector<std::string> check_history(const history_settings& settings);

}  // namespace confab
