#pragma once

#include "actors/interfaces.hpp"

#include <utility>

namespace confab {

/// Sends the news on: to the room that comes next, or to the directory when all were told.
template <class Self>
void pass_on(Self self, const directory_actor& directory, fan_out news) {
  if (news.passed == news.rooms.size() && !news.tells) {
    news.passed = 0;
    news.tells = true;
  }
  if (news.passed == news.rooms.size()) {
    self->send(directory, fan_atom::value, std::move(news));
    return;
  }
  const auto next = news.rooms[news.passed++];
  self->send(next, fan_atom::value, std::move(news));
}

}  // namespace confab
