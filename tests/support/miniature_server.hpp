#pragma once

#include "actors/dialect.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What becomes of the commands of one client, as far as a decoder can tell: for tests of dialects
/// that need a standing which evolves.
namespace confab::test {

/// A server of one client and no actors.
class miniature_server {
 public:
  /// The longest user or room name that it accepts.
  static constexpr std::size_t name_bytes_max = 255;

  const standing& now() const { return now_; }

  /// True after `quit` and `hang_up`: no more may be decoded.
  bool ended() const { return ended_; }

  /// Carries out `request`. Returns what the client is answered; nothing after a `hang_up` and for
  /// what it does not know.
  std::vector<outcome> carry_out(const command& request);

 private:
  outcome perform(const log_in& request);
  outcome perform(const rename& request);
  outcome perform(const join_room& request);
  outcome perform(const leave_room& request);
  outcome perform(const say& request);
  outcome perform(const list_rooms& request);
  outcome perform(const quit& request);
  outcome perform(const reject& request);

  standing now_;
  std::set<std::string> rooms_{"cafe", "has joined"};
  bool ended_ = false;
};

/// What one client has asked for, and was answered.
struct dialogue {
  std::vector<command> commands;
  std::vector<std::string> replies;  ///< To each command, encoded.
  std::vector<standing> standings;   ///< Before each command.
};

/// All that `bytes` ask for, given in pieces of these sizes and then the rest in one, up to the end
/// that the client or the dialect asks for.
dialogue converse(const dialect& speaks, std::string_view bytes,
                  const std::vector<std::size_t>& pieces = {});

/// All commands in `bytes`, given in pieces of `piece` bytes, with the same standing throughout.
std::vector<command> decode(const dialect& speaks, std::string_view bytes, const standing& now,
                            std::size_t piece = std::string_view::npos);

}  // namespace confab::test
