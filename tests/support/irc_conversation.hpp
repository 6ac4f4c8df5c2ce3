#pragma once

#include "actors/dialect.hpp"
#include "io/dialects/irc/decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// A client of IRC and its decoder, without the actors: for tests of what the decoder makes of
/// lines.
namespace confab::test {

/// A command, and what its answer is about.
struct asked_command {
  command what;
  asking about;
};

/// Plays the session: logins are granted, unless they are to be refused, and rooms are left.
class irc_conversation {
 public:
  explicit irc_conversation(irc::settings chosen = default_settings())
      : shared_(std::make_unique<const irc::settings>(std::move(chosen))),
        decoder_(irc::make_decoder(*shared_)) {}

  static irc::settings default_settings() {
    irc::settings result;
    result.server_name = "srv.example";
    result.now_ms = [] { return std::int64_t{1'700'000'000'000}; };
    return result;
  }

  /// A client that has logged in as alice.
  static irc_conversation logged_in(irc::settings chosen = default_settings()) {
    irc_conversation result{std::move(chosen)};
    result.send("NICK alice\r\nUSER ally 0 * :Alice\r\n");
    return result;
  }

  /// What the client's bytes become.
  std::vector<asked_command> send(std::string_view bytes) {
    std::vector<asked_command> result;
    while (auto next = decoder_->next(bytes, now)) {
      carry_out(*next);
      result.push_back({std::move(*next), *decoder_->asks()});
    }
    return result;
  }

  /// What the decoder itself answers to a line; what else the line becomes is left out.
  std::string answer(std::string_view line) {
    std::string result;
    for (const auto& each : send(std::string{line}.append("\r\n")))
      if (const auto* answered = std::get_if<respond>(&each.what))
        result += answered->bytes;
    return result;
  }

  /// The one command that a line becomes; a `reject` if there is not exactly one.
  asked_command one(std::string_view line) {
    auto all = send(std::string{line}.append("\r\n"));
    return all.size() == 1 ? std::move(all[0]) : asked_command{reject{"not one command"}, {}};
  }

  standing now;
  bool refuses_logins = false;
  std::vector<std::string> rooms;  ///< That the client is in, the one entered last at the end.

  void enter(std::string room) {
    now.room = room;
    rooms.push_back(std::move(room));
  }

  void become_operator_of_server() {
    auto changed = std::make_shared<identity>(*now.who);
    changed->server_operator = true;
    now.who = std::move(changed);
  }

 private:
  void carry_out(const command& wanted) {
    if (const auto* login = std::get_if<log_in>(&wanted); login != nullptr && !refuses_logins) {
      auto who = std::make_shared<identity>();
      who->name = who->nick = login->user;
      who->user = login->shown_user;
      who->host = "host";
      now.who = std::move(who);
      now.permitted = login->wanted;
    }
    if (const auto* left_room = std::get_if<leave_room>(&wanted)) {
      std::erase(rooms, left_room->room);
      now.room = rooms.empty() ? std::string{} : rooms.back();
    }
  }

  std::unique_ptr<const irc::settings> shared_;  // Stays where it is when this is moved.
  std::unique_ptr<decoder> decoder_;
};

}  // namespace confab::test
