#include "tests/support/miniature_server.hpp"

#include "tests/support/authors.hpp"

#include <type_traits>
#include <utility>
#include <variant>

namespace confab::test {

std::vector<outcome> miniature_server::carry_out(const command& request) {
  if (std::holds_alternative<hang_up>(request))
    ended_ = true;
  return std::visit(
      [this](const auto& which) -> std::vector<outcome> {
        if constexpr (requires { perform(which); })
          return {perform(which)};
        else
          return {};
      },
      request);
}

outcome miniature_server::perform(const log_in& request) {
  if (request.user.size() > name_bytes_max)
    return refused{refusal::name_too_long, request.user};
  now_.who = make_identity(request.user, "test");
  now_.permitted = request.wanted;
  return welcomed{now_.who};
}

outcome miniature_server::perform(const rename& request) {
  now_.who = make_identity(request.nick, "test");
  return told{};
}

outcome miniature_server::perform(const join_room& request) {
  if (request.room.size() > name_bytes_max)
    return refused{refusal::name_too_long, request.room};
  const bool exists = rooms_.contains(request.room);
  if (exists && request.mode == join_mode::must_not_exist)
    return refused{refusal::room_exists, request.room};
  if (!exists && request.mode == join_mode::must_exist)
    return refused{refusal::no_such_room, request.room};
  rooms_.insert(request.room);
  now_.room = request.room;
  return entered{request.room};
}

outcome miniature_server::perform(const leave_room&) {
  if (!now_.in_room())
    return refused{refusal::not_in_room, {}};
  return departed{std::exchange(now_.room, {})};
}

outcome miniature_server::perform(const say&) {
  if (!now_.in_room())
    return refused{refusal::not_in_room, {}};
  return told{};
}

outcome miniature_server::perform(const list_rooms&) {
  listing result;
  for (const auto& name : rooms_)
    result.rooms.push_back({name});
  return result;
}

outcome miniature_server::perform(const quit&) {
  ended_ = true;
  return goodbye{{}, now_.who};
}

outcome miniature_server::perform(const reject& request) {
  return rejected{request.why};
}

dialogue converse(const dialect& speaks, std::string_view bytes,
                  const std::vector<std::size_t>& pieces) {
  dialogue result;
  miniature_server server;
  const auto decoder = speaks.make_decoder();
  for (std::size_t index = 0; !bytes.empty() && !server.ended(); ++index) {
    auto input = index < pieces.size() ? bytes.substr(0, pieces[index]) : bytes;
    bytes.remove_prefix(input.size());
    while (!server.ended()) {
      auto request = decoder->next(input, server.now());
      if (!request)
        break;
      result.standings.push_back(server.now());
      auto& reply = result.replies.emplace_back();
      for (const auto& answer : server.carry_out(*request))
        speaks.encode_reply(answer, result.standings.back(), reply);
      if (const auto* answered = std::get_if<respond>(&*request))
        reply += answered->bytes;
      if (const auto* answered = std::get_if<hang_up>(&*request))
        reply += answered->bytes;
      result.commands.push_back(std::move(*request));
    }
  }
  return result;
}

std::vector<command> decode(const dialect& speaks, std::string_view bytes, const standing& now,
                            std::size_t piece) {
  const auto decoder = speaks.make_decoder();
  std::vector<command> result;
  while (!bytes.empty()) {
    auto input = bytes.substr(0, piece);
    bytes.remove_prefix(input.size());
    while (auto found = decoder->next(input, now))
      result.push_back(std::move(*found));
  }
  return result;
}

}  // namespace confab::test
