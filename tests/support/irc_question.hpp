#pragma once

#include "actors/model/answers.hpp"
#include "actors/model/asking.hpp"
#include "io/dialects/irc/encoding.hpp"
#include "io/dialects/irc/reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace confab::test {

/// What a client known as `me`, which reads as one with these capabilities, has asked by a command.
inline asking question(std::string_view verb, std::string subject = {}, std::string detail = {},
                       irc::capability_set on = {}) {
  asking result;
  result.nick = "me";
  result.reader = irc::class_of(on);
  result.verb = verb;
  result.subject = std::move(subject);
  result.detail = std::move(detail);
  return result;
}

/// What the clock of the server shows that answers.
inline constexpr std::int64_t now = 1'000'000'000'000;

/// The settings of a server `srv` of the network `Net`.
inline irc::settings srv_settings() {
  irc::settings result;
  result.server_name = "srv";
  result.network = "Net";
  result.version = "confab 1";
  result.now_ms = [] { return now; };
  return result;
}

/// What that server answers.
inline std::string answered(const asking& asked, const answer_part& part) {
  std::string out;
  irc::encode_answer(part, asked, srv_settings(), out);
  return out;
}

}  // namespace confab::test
