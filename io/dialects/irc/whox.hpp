#pragma once

#include "actors/model/identity.hpp"
#include "io/dialects/irc/reply.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The lines that answer WHO: 352, or 354 with the fields that were asked for.
namespace confab::irc {

/// What `WHO x %fields,token` asks for.
struct whox_request {
  std::string_view fields;
  std::string_view token;  ///< Up to three digits; `0` if none was given.
};

/// Reads `%fields[,token]`; nothing if `detail` is not that. Refers to `detail`.
std::optional<whox_request> parse_whox(std::string_view detail);

/// One client, as WHO shows it.
struct who_row {
  const identity& who;
  std::string_view channel;   ///< Empty: none in common.
  std::string_view prefixes;  ///< There.
};

/// Writes rows in the form that was asked for.
class who_writer {
 public:
  explicit who_writer(const reply& to) : to_(to), extended_(parse_whox(to.asked.detail)) {}

  void write(const who_row& row) const;

 private:
  const std::string& server_of(const who_row& row) const;
  void write_plain(const who_row& row) const;
  void write_extended(const who_row& row) const;

  const reply& to_;
  std::optional<whox_request> extended_;
};

}  // namespace confab::irc
