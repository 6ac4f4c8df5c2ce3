#pragma once

#include "actors/model/asking.hpp"
#include "io/dialects/irc/reader.hpp"

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

}  // namespace confab::test
