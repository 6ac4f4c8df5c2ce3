#include "io/dialects/irc/census_answers.hpp"
#include "io/dialects/irc/client_answers.hpp"
#include "io/dialects/irc/closing.hpp"
#include "io/dialects/irc/encoding.hpp"
#include "io/dialects/irc/history_answers.hpp"
#include "io/dialects/irc/list_filter.hpp"
#include "io/dialects/irc/mode_changes.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/refusals.hpp"
#include "io/dialects/irc/reply.hpp"
#include "io/dialects/irc/room_answers.hpp"
#include "io/dialects/irc/welcome.hpp"

namespace confab::irc {
namespace {

void append_own_modes(const std::vector<mode_change>& changes, const reply& to) {
  append_mode_lines(to.asked.nick, to.asked.nick, changes, to.out);
}

void append_listing(const listing& page, const reply& to) {
  if (page.first)
    to.line(numeric::RPL_LISTSTART).middle("Channel").trailing("Users Topic");
  const list_filter filter{to.asked.detail, to.shared.now_ms()};
  for (const auto& room : page.rooms)
    if (const auto channel = channel_of_room(room.name); channel && filter.takes(room, *channel))
      to.line(numeric::RPL_LIST).middle(*channel).number(room.members).trailing(room.topic);
  if (page.last)
    to.line(numeric::RPL_LISTEND).trailing("End of /LIST");
}

/// Writes what became of a command. Most of what succeeds is told by events, so there is nothing
/// to write.
struct outcome_writer {
  const reply& to;

  void operator()(const welcomed& result) const { append_welcome(result, to.shared, to.out); }
  void operator()(const entered&) const {}
  void operator()(const departed&) const {}
  void operator()(const told&) const {}
  void operator()(const listing& page) const { append_listing(page, to); }
  void operator()(const goodbye& result) const {
    append_closing_link(result.who, result.reason, to.out);
  }
  void operator()(const away_noted& result) const {
    if (result.away)
      to.line(numeric::RPL_NOWAWAY).trailing("You have been marked as being away");
    else
      to.line(numeric::RPL_UNAWAY).trailing("You are no longer marked as being away");
  }
  void operator()(const user_modes_noted& result) const { append_own_modes(result.changes, to); }
  void operator()(const made_operator&) const {
    to.line(numeric::RPL_YOUREOPER).trailing("You are now a server operator");
    append_own_modes({{true, 'o', {}}}, to);
  }
  void operator()(const refused& result) const { append_refusal(result, to); }
  void operator()(const rejected&) const {}  // The decoder words its own mistakes.
};

struct answer_writer {
  const reply& to;

  void operator()(const outcome& result) const { std::visit(outcome_writer{to}, result); }
  void operator()(const room_answer& answer) const { append_room_answer(answer, to); }
  void operator()(const list_answer& answer) const { append_list_answer(answer, to); }
  void operator()(const whois_answer& answer) const { append_whois(answer, to); }
  void operator()(const whowas_answer& answer) const { append_whowas(answer, to); }
  void operator()(const present_answer& answer) const { append_present(answer, to); }
  void operator()(const who_answer& answer) const { append_who(answer, to); }
  void operator()(const census_answer& answer) const {
    append_census(answer.counts, to.asked.nick, to.shared, to.out);
  }
  void operator()(const nodes_answer& answer) const { append_links(answer, to); }
  void operator()(const invitations_answer& answer) const { append_invitations(answer, to); }
  void operator()(const invited_answer& answer) const { append_invited(answer, to); }
  void operator()(const online_answer& answer) const { append_online(answer, to); }
  void operator()(const offline_answer& answer) const { append_offline(answer, to); }
  void operator()(const watched_answer& answer) const { append_watched(answer, to); }
  void operator()(const away_answer& answer) const { append_away(answer, to); }
  void operator()(const history_answer& answer) const { append_history(answer, to); }
  void operator()(const targets_answer& answer) const { append_targets(answer, to); }
  void operator()(const deed_answer& answer) const {
    encode_events(*answer.told, to.asked.reader, to.out);
  }
};

}  // namespace

void encode_answer(const answer_part& part, const asking& asked, const settings& shared,
                   std::string& out) {
  const reply to{asked, shared, out};
  std::visit(answer_writer{to}, part);
}

}  // namespace confab::irc
