#pragma once

#include "io/dialects/irc/capabilities.hpp"
#include "io/dialects/irc/read_markers.hpp"

#include <cstddef>
#include <memory>
#include <string>

/// How a client comes from its first byte to its login: NICK, USER, PASS and CAP.
namespace confab::irc {

class request;

/// The longest real name that is kept.
inline constexpr std::size_t real_name_bytes_max = 128;

/// What a client has told of itself on its connection.
struct registration {
  capability_set on;            ///< Which capabilities it has asked for.
  bool version_302 = false;     ///< It has asked for capabilities with values.
  bool is_negotiating = false;  ///< It is asking for capabilities: its login waits for CAP END.
  bool has_password = false;    ///< It has given the password of the server.
  bool awaits_login = false;    ///< It has asked for its login, and not come to know the answer.
  read_markers markers;         ///< What it has read; there are no accounts to keep them for.

  /// Who the client wants to be.
  struct wish {
    std::string nick;  ///< Empty: it has told none, or it was taken.
    std::string user;  ///< Empty: it has sent no USER.
    std::string real_name;
  };
  std::unique_ptr<wish> wanted = std::make_unique<wish>();  ///< Null after the login.
};

/// NICK: before the login it says who the client wants to be, after it who it wants to be instead.
void handle_nick(request& asked);

/// USER: who the client is for those who look closer.
void handle_user(request& asked);

/// PASS: the password of the server.
void handle_pass(request& asked);

/// CAP: what the server offers, and what the client wants of it.
void handle_cap(request& asked);

/// Asks for the login if all is there that it takes, or ends the connection if the password is
/// wrong. To be called behind each command before the login.
void finish_registration(request& asked);

/// The login was asked for, and refused: the client has to think of another nick.
void reopen_registration(registration& client);

}  // namespace confab::irc
