#pragma once

#include "actors/model/asking.hpp"
#include "actors/model/commands.hpp"
#include "actors/model/standing.hpp"
#include "io/dialects/irc/command_queue.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/numerics.hpp"
#include "io/dialects/irc/settings.hpp"

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace confab::irc {

struct registration;

/// One line of a client, for the function that handles its command: what was asked for, and by
/// whom. What it becomes is added to a queue.
class request {
 public:
  const settings& shared;
  const standing& now;
  registration& client;
  std::string_view verb;  ///< As the table has it.
  std::span<const std::string_view> parameters;
  std::string_view tags;  ///< As they were sent.
  command_queue& queue;

  /// The client's own nick, or `*` before it has one.
  std::string_view nick() const;

  /// The parameter of this index; empty if there is none.
  std::string_view parameter(std::size_t index) const;

  /// Adds a command. The subject and the detail are those of `asking`.
  void add(command what, std::string_view subject = {}, std::string_view detail = {});

  /// Where what the decoder itself answers at this place is written: it becomes one command,
  /// unless another one was added in between.
  std::string& answer();

  /// Begins a numeric reply, which the decoder itself gives.
  line_writer reply(numeric number);

  /// Appends `FAIL` for this command: why the decoder itself refuses it.
  void fail(std::string_view code, std::initializer_list<std::string_view> context,
            std::string_view text);

  /// 461.
  void refuse_as_too_short();

  /// 403, about a name that is no channel's.
  void refuse_channel(std::string_view channel);
};

}  // namespace confab::irc
