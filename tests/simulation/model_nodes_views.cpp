// OK and COMINGS: what readers are told of who is where, and what the answer to a text promises of
// those.

#include "tests/simulation/irc_line.hpp"
#include "tests/simulation/language.hpp"
#include "tests/simulation/model_nodes.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

namespace confab::simulation {

namespace {

/// Goes through what a reader was told.
class viewer {
 public:
  explicit viewer(const record& reader) : reader_(reader) {}

  std::vector<sighting> all() {
    for (const auto& seen : reader_.sights) {
      now_ = seen.when;
      if (seen.what == sight::kind::happened)
        take_event(parse_irc_line(seen.body), seen.author);
      else if (seen.what == sight::kind::reply)
        take_reply(parse_irc_line(seen.body));
    }
    return std::move(seen_);
  }

 private:
  void take_reply(const irc_line& line) {
    if (line.is("001"))
      nick_ = folded_nick(line.parameter(0));
    if (!line.is("353"))
      return;
    const auto room = without_sign(line.parameter(2));
    if (!rooms_.contains(room))
      return;  // It asks from outside.
    for (auto& name : names_of_roster(line.parameters.back()))
      come(room, folded_nick(std::move(name)));
  }

  void take_event(const irc_line& line, const std::string& author) {
    const auto who = folded_nick(author);
    const auto room = without_sign(line.parameter(0));
    if (line.is("JOIN"))
      who == nick_ ? enter(room) : come(room, who);
    else if (line.is("PART"))
      who == nick_ ? leave(room) : go(room, who);
    else if (line.is("KICK"))
      folded_nick(line.parameter(1)) == nick_ ? leave(room)
                                              : go(room, folded_nick(line.parameter(1)));
    else if (line.is("QUIT"))
      go_everywhere(who);
    else if (line.is("NICK"))
      rename(who, folded_nick(line.parameter(0)));
  }

  static std::string without_sign(const std::string& channel) {
    return channel.starts_with('#') ? channel.substr(1) : channel;
  }

  void enter(const std::string& room) { rooms_[room].clear(); }

  void leave(const std::string& room) {
    for (const auto& [nick, number] : rooms_[room])
      seen_[number].until = now_;
    rooms_.erase(room);
  }

  void come(const std::string& room, const std::string& nick) {
    const auto [found, is_new] = rooms_[room].try_emplace(nick, seen_.size());
    if (is_new)
      seen_.push_back({room, nick, now_, never});
  }

  void go(const std::string& room, const std::string& nick) {
    auto& nicks = rooms_[room];
    if (const auto found = nicks.find(nick); found != nicks.end()) {
      seen_[found->second].until = now_;
      nicks.erase(found);
    }
  }

  void go_everywhere(const std::string& nick) {
    for (const auto& [room, nicks] : std::map{rooms_})
      go(room, nick);
  }

  void rename(const std::string& before, const std::string& now) {
    if (before == nick_)
      nick_ = now;
    for (const auto& [room, nicks] : std::map{rooms_})
      if (nicks.contains(before)) {
        go(room, before);
        come(room, now);
      }
  }

  const record& reader_;
  std::string nick_;
  moment now_ = 0;
  std::map<std::string, std::map<std::string, std::size_t>> rooms_;
  std::vector<sighting> seen_;
};

bool is_plain(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](unsigned char each) { return std::isalnum(each) != 0; });
}

moment when_seen(const record& reader, std::string_view mark) {
  for (const auto& seen : reader.sights)
    if (seen.what == sight::kind::said && mark_of(seen.body) == mark)
      return seen.when;
  return never;
}

bool was_in(const account& known, std::size_t client, const utterance& text) {
  return std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& each) {
    return each.client == client && each.room == text.room &&
           was_there(each, text.asked, text.done);
  });
}

}  // namespace

std::vector<sighting> sightings_of(const record& reader) {
  return reader.speaks->has_nicks() ? viewer{reader}.all() : std::vector<sighting>{};
}

std::map<std::size_t, std::string> lasting_nicks(const history& run, const account& known) {
  std::map<std::string, std::set<std::size_t>> bearers;
  std::map<std::size_t, std::set<std::string>> nicks;
  const auto add = [&](std::size_t client, const std::string& nick) {
    bearers[folded_nick(nick)].insert(client);
    nicks[client].insert(folded_nick(nick));
  };
  for (const auto& each : known.bearings)
    add(each.client, each.nick);
  for (const auto& who : run.clients)
    if (!who.speaks->has_nicks() && !known.users[who.number].empty())
      add(who.number, known.users[who.number] + "/" + std::string{who.speaks->family()});
  std::map<std::size_t, std::string> result;
  for (const auto& [client, all] : nicks) {
    const auto& nick = *all.begin();
    if (all.size() == 1 && bearers[nick].size() == 1 && is_plain(nick.substr(0, nick.find('/'))))
      result.emplace(client, nick);
  }
  return result;
}

void check_answers_of_nodes(const history& run, const account& known, findings& found) {
  const auto lasting = lasting_nicks(run, known);
  for (const auto& viewer : run.clients) {
    const auto sightings = sightings_of(viewer);
    for (const auto& text : known.texts) {
      // It sees no more when it is out, or gone.
      if (run.clients[text.client].node != viewer.node || text.done == never || !text.room_known ||
          !was_in(known, viewer.number, text) ||
          std::min({viewer.ending, viewer.hung_up, viewer.input_ended}) <= text.done)
        continue;
      for (const auto& [client, nick] : lasting) {
        const auto& reader = run.clients[client];
        const bool is_seen = std::any_of(
            sightings.begin(), sightings.end(), [&, &nick = nick](const sighting& each) {
              return each.room == text.room && each.nick == nick && each.since <= text.asked &&
                     each.until > text.done;
            });
        if (is_seen && reader.node != viewer.node && known.listens[client] &&
            is_for(known, reader, text) && was_in(known, client, text) &&
            when_seen(reader, mark_of(text.text)) > text.done)
          found.push_back(name_of(viewer) + " at " + std::to_string(text.done) + ": OK: text " +
                          std::string{mark_of(text.text)} + ", said from " +
                          std::to_string(text.asked) + ", is answered, and " + nick +
                          ", which is there, has not got it");
      }
    }
  }
}

/// In the eyes of one reader.
void check_comings_of_nodes(const history& run, const account& known, findings& found) {
  const auto lasting = lasting_nicks(run, known);
  std::set<std::string> known_nicks;
  for (const auto& [client, nick] : lasting)
    known_nicks.insert(nick);
  for (const auto& reader : run.clients) {
    if (!reader.speaks->has_nicks())
      continue;
    std::map<std::string, std::set<std::string>> members;  // By channel, of those who came.
    std::string nick;
    for (const auto& seen : reader.sights) {
      const auto line = parse_irc_line(seen.body);
      if (seen.what == sight::kind::reply && line.is("001"))
        nick = folded_nick(line.parameter(0));
      if (seen.what != sight::kind::happened)
        continue;
      const auto who = folded_nick(seen.author);
      const auto channel = line.parameter(0);
      const auto gone = line.is("KICK") ? folded_nick(line.parameter(1)) : who;
      if (line.is("NICK") && who == nick)
        nick = folded_nick(channel);
      else if (gone == nick)
        members.erase(channel);
      else if (line.is("JOIN") && known_nicks.contains(who) && !members[channel].insert(who).second)
        found.push_back(name_of(reader) + " at " + std::to_string(seen.when) + ": COMINGS: " + who +
                        " comes into " + channel + " twice");
      else if (line.is("PART") || line.is("KICK"))
        members[channel].erase(gone);
      else if (line.is("QUIT"))
        for (auto& [each, nicks] : members)
          nicks.erase(who);
    }
  }
}

}  // namespace confab::simulation
