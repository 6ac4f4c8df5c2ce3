#pragma once

#include "actors/model/identity.hpp"
#include "io/dialects/irc/isupport.hpp"
#include "io/dialects/irc/settings.hpp"

#include <string>
#include <string_view>

/// What a server tells of itself, without asking anybody: for the burst behind a login, and for the
/// commands that ask for it. `nick` is that of who asks, or `*` before it has one.
namespace confab::irc {

/// The version of the server as one word, for 004 and 351.
std::string version_word(const settings& shared);

/// What the tokens of 005 say of this server.
isupport_settings isupport_of(const settings& shared);

/// Appends the message of the day: 375, 372 for each line, 376; or 422 if there is none.
void append_motd(const settings& shared, std::string_view nick, std::string& out);

/// Appends 351, and the lines of 005.
void append_version(const settings& shared, std::string_view nick, std::string& out);

/// Appends 391: the time of the server, in UTC.
void append_time(const settings& shared, std::string_view nick, std::string& out);

/// Appends 423: nobody is named as the administrator.
void append_admin(const settings& shared, std::string_view nick, std::string& out);

/// Appends 371 for each line, and 374.
void append_info(const settings& shared, std::string_view nick, std::string& out);

/// Appends 242 and 219: for how long the server has been up.
void append_uptime(const settings& shared, std::string_view nick, std::string& out);

/// The modes of a user as they are told: `+Biow`, or `+` if there are none.
std::string user_mode_letters(const identity& who);

}  // namespace confab::irc
