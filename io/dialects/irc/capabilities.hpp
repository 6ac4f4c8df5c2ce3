#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Capabilities: what a client can ask for beyond plain IRC, and the words of `CAP`.
namespace confab::irc {

enum class capability : std::uint8_t {
  away_notify,
  batch,
  cap_notify,
  echo_message,
  extended_join,
  extended_monitor,
  invite_notify,
  labeled_response,
  message_tags,
  multi_prefix,
  server_time,
  setname,
  standard_replies,
  userhost_in_names,
  chathistory,
  event_playback,
  message_redaction,
  read_marker,
  search,
};

/// A set of capabilities.
class capability_set {
 public:
  constexpr capability_set() = default;
  constexpr capability_set(std::initializer_list<capability> members) {
    for (const auto each : members)
      add(each);
  }

  constexpr bool has(capability which) const { return (bits_ & bit(which)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr void add(capability which) { bits_ |= bit(which); }
  constexpr void remove(capability which) { bits_ &= ~bit(which); }

  /// The set as a number, and back.
  constexpr std::uint32_t bits() const { return bits_; }
  static constexpr capability_set of_bits(std::uint32_t bits) {
    capability_set result;
    result.bits_ = bits;
    return result;
  }

  constexpr bool operator==(const capability_set&) const = default;

 private:
  static constexpr std::uint32_t bit(capability which) {
    return std::uint32_t{1} << static_cast<unsigned>(which);
  }

  std::uint32_t bits_ = 0;
};

/// A capability as it is offered.
struct capability_row {
  capability which;
  std::string_view name;
  std::string_view value = {};  ///< Shown to clients of version 302; empty: none.
};

/// What the server offers, in the order of the names. None has a value yet. Some make sense only
/// where what was said is kept.
std::vector<capability_row> offered_capabilities(bool keeps_history);

/// The word behind `CAP`.
enum class cap_word { ls, list, req, end };

/// Which word that is, in whatever case; nothing: `410 N word`.
std::optional<cap_word> parse_cap_word(std::string_view word);

/// Whether `LS version` asks for values and several lines, and so turns cap-notify on.
bool is_version_302(std::string_view version);

/// Whom the lines of `CAP` are for.
struct cap_reader {
  std::string_view server;
  std::string_view nick;     ///< `*` before it has one.
  bool version_302 = false;  ///< Takes values, and lists in several lines.
};

/// Appends the answer to `CAP LS`: all rows. A client below version 302 gets one line without
/// values, which leaves out names that do not fit.
void append_cap_ls(const cap_reader& to, std::span<const capability_row> rows, std::string& out);

/// Appends the answer to `CAP LIST`: the rows that are on, without values.
void append_cap_list(const cap_reader& to, std::span<const capability_row> rows, capability_set on,
                     std::string& out);

/// What a set of capabilities becomes when `REQ` asks for `wanted`, like `a -b`; nothing if a name
/// is not among the rows: none of it takes effect then.
std::optional<capability_set> after_cap_request(capability_set on, std::string_view wanted,
                                                std::span<const capability_row> rows);

/// Appends `CAP N ACK` or `CAP N NAK` with what the client asked for, byte for byte. If that does
/// not fit into one line, it is told in several ones, cut at blanks.
void append_cap_ack(const cap_reader& to, std::string_view wanted, std::string& out);
void append_cap_nak(const cap_reader& to, std::string_view wanted, std::string& out);

/// Appends `CAP N NEW` or `CAP N DEL` for rows that have come or gone; for clients with cap-notify.
/// Values are told with NEW only.
void append_cap_new(const cap_reader& to, std::span<const capability_row> rows, std::string& out);
void append_cap_del(const cap_reader& to, std::span<const capability_row> rows, std::string& out);

}  // namespace confab::irc
