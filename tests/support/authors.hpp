#pragma once

#include "actors/dialect.hpp"
#include "actors/model/identity.hpp"
#include "actors/model/standing.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

/// Clients that tests speak of, without the directory.
namespace confab::test {

/// A client of this name, which is its nick, too. `dialect` lives on.
inline identity_ptr make_identity(std::string name, std::string_view dialect) {
  identity result;
  result.nick = name;
  result.name = std::move(name);
  result.dialect = dialect;
  result.user = "user";
  result.host = "host";
  result.real_name = "Somebody";
  return std::make_shared<const identity>(std::move(result));
}

/// The same with the connection that leads to it.
inline author make_author(std::string name, std::string_view dialect, gateway_id gateway,
                          connection_key connection) {
  return {make_identity(std::move(name), dialect), {gateway, connection}};
}

/// A client of this name as the directory names it if the nick is free.
inline author make_author(std::string name, const dialect& speaks) {
  auto who = *make_identity(std::move(name), speaks.name());
  who.nick = speaks.nick_stem(who.name).value_or(who.name);
  return {std::make_shared<const identity>(std::move(who)), {7, 1}};
}

/// The standing of a client that has logged in.
inline standing make_standing(std::string name, role permitted, std::string room = {}) {
  return {make_identity(std::move(name), "test"), permitted, std::move(room)};
}

}  // namespace confab::test
