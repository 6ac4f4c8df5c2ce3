#pragma once

#include "actors/model/asking.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/reader.hpp"
#include "io/dialects/irc/settings.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace confab::irc {

/// What an answer is written with: who asked, what the server is called, and where the lines go.
struct reply {
  const asking& asked;
  const settings& shared;
  std::string& out;

  /// Begins a numeric for who asked.
  line_writer line(numeric number) const {
    return line_writer{out, shared.server_name, number, asked.nick};
  }

  /// `:server NNN nick`, the front of a numeric for who asked.
  std::string front(std::string_view digits) const {
    return std::string{":"}
        .append(shared.server_name)
        .append(1, ' ')
        .append(digits)
        .append(1, ' ')
        .append(asked.nick);
  }

  /// Whether who asked has this capability.
  bool reads(capability which) const { return capabilities_of(asked.reader).has(which); }
};

/// Milliseconds as whole seconds, at least 0: times are told so, since 1970.
constexpr std::uint64_t seconds_of(std::int64_t time_ms) {
  constexpr std::int64_t ms_per_second = 1000;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(time_ms, 0) / ms_per_second);
}

}  // namespace confab::irc
