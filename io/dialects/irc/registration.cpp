#include "io/dialects/irc/registration.hpp"

#include "io/dialects/irc/closing.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/reader.hpp"
#include "io/dialects/irc/request.hpp"
#include "io/dialects/safe_text.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace confab::irc {
namespace {

// The parameters of USER, of which the two in the middle mean nothing any more.
constexpr std::size_t user_name_index = 0;
constexpr std::size_t real_name_index = 3;

// Takes as long for a wrong guess that begins well as for one that does not.
bool is_same_secret(std::string_view given, std::string_view expected) {
  unsigned difference = given.size() == expected.size() ? 0 : 1;
  for (std::size_t index = 0; index < given.size() && index < expected.size(); ++index)
    difference |= static_cast<unsigned char>(given[index] ^ expected[index]);
  return difference == 0;
}

void refuse_as_registered(request& asked) {
  asked.reply(numeric::ERR_ALREADYREGISTERED).trailing("You may not register again");
}

std::vector<capability_row> offered_by(const request& asked) {
  return offered_capabilities(asked.shared.keeps_history());
}

cap_reader reader_of(const request& asked) {
  return {asked.shared.server_name, asked.nick(), asked.client.version_302};
}

void turn_on(request& asked, capability_set wanted) {
  if (wanted == asked.client.on)
    return;
  asked.client.on = wanted;
  asked.add(read_as{event_class_of(wanted)});
}

void list_offers(request& asked) {
  auto& client = asked.client;
  client.is_negotiating = !asked.now.logged_in();
  if (is_version_302(asked.parameter(1))) {
    client.version_302 = true;
    auto wanted = client.on;
    wanted.add(capability::cap_notify);
    turn_on(asked, wanted);
  }
  append_cap_ls(reader_of(asked), offered_by(asked), asked.answer());
}

// Who asked for version 302 has cap-notify, and cannot be without.
bool gives_up_its_version(const registration& client, capability_set wanted) {
  return client.version_302 && !wanted.has(capability::cap_notify);
}

void change_capabilities(request& asked) {
  auto& client = asked.client;
  client.is_negotiating = !asked.now.logged_in();
  const auto list = asked.parameter(1);
  const auto wanted = after_cap_request(client.on, list, offered_by(asked));
  if (!wanted || gives_up_its_version(client, *wanted)) {
    append_cap_nak(reader_of(asked), list, asked.answer());
    return;
  }
  turn_on(asked, *wanted);
  append_cap_ack(reader_of(asked), list, asked.answer());
}

void refuse_password(request& asked) {
  std::string last_words;
  line_writer{last_words, asked.shared.server_name, numeric::ERR_PASSWDMISMATCH, asked.nick()}
      .trailing("Password incorrect");
  append_closing_link(nullptr, "Password incorrect", last_words);
  asked.add(hang_up{"wrong server password", std::move(last_words)});
}

}  // namespace

void handle_nick(request& asked) {
  const auto nick = asked.parameter(0);
  if (nick.empty())
    asked.reply(numeric::ERR_NONICKNAMEGIVEN).trailing("No nickname given");
  else if (!is_valid_nick(nick))
    asked.reply(numeric::ERR_ERRONEUSNICKNAME).middle(nick).trailing("Erroneous nickname");
  else if (!asked.now.logged_in())
    asked.client.wanted->nick = nick;
  else if (nick != asked.now.who->nick)
    asked.add(rename{std::string{nick}}, nick);
}

void handle_user(request& asked) {
  auto& client = asked.client;
  const auto user = asked.parameter(user_name_index);
  const auto real_name = asked.parameter(real_name_index);
  if (asked.now.logged_in() || !client.wanted->user.empty()) {
    refuse_as_registered(asked);
  } else if (user.empty() || real_name.empty()) {
    asked.refuse_as_too_short();
  } else {
    client.wanted->user = clean_user(user);
    client.wanted->real_name = cut_utf8(real_name, real_name_bytes_max);
  }
}

void handle_pass(request& asked) {
  if (asked.now.logged_in())
    refuse_as_registered(asked);
  else
    asked.client.has_password = is_same_secret(asked.parameter(0), asked.shared.password);
}

void handle_cap(request& asked) {
  const auto word = parse_cap_word(asked.parameter(0));
  if (!word) {
    asked.reply(numeric::ERR_INVALIDCAPCMD)
        .middle(asked.parameter(0))
        .trailing("Invalid CAP command");
    return;
  }
  switch (*word) {
    case cap_word::ls:
      list_offers(asked);
      break;
    case cap_word::list:
      append_cap_list(reader_of(asked), offered_by(asked), asked.client.on, asked.answer());
      break;
    case cap_word::req:
      change_capabilities(asked);
      break;
    case cap_word::end:
      asked.client.is_negotiating = false;
      break;
  }
}

void finish_registration(request& asked) {
  auto& client = asked.client;
  if (client.is_negotiating || client.wanted->nick.empty() || client.wanted->user.empty())
    return;
  if (!asked.shared.password.empty() && !client.has_password) {
    refuse_password(asked);
    return;
  }
  client.awaits_login = true;
  asked.verb = "NICK";  // A refusal is about the nick, whatever came last.
  asked.add(log_in{client.wanted->nick, role{.speaks = true, .listens = true}, client.wanted->user,
                   client.wanted->real_name},
            client.wanted->nick);
}

void reopen_registration(registration& client) {
  client.awaits_login = false;
  client.wanted->nick.clear();
}

}  // namespace confab::irc
