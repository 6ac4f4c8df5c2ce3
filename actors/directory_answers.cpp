#include "actors/directory_answers.hpp"

#include "actors/model/case_mapping.hpp"
#include "actors/model/mask.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace confab {

namespace {

/// The client as this asker may see it.
client_view view_of(const known_client& client, const known_client* asker) {
  const bool sees_all = asker != nullptr && (asker == &client || asker->who.who->server_operator);
  client_view result{client.who.who, client.login_ms, client.active_ms, {}};
  for (const auto& part : client.parts) {
    const bool hidden = part.room->secret && !sees_all &&
                        (asker == nullptr || part_in(*asker, part.room) == nullptr);
    if (hidden)
      continue;
    const auto* prefix = part.room_operator ? "@" : part.has_voice ? "+" : "";
    result.rooms.push_back(prefix + part.room->name);
  }
  return result;
}

answer_ptr answer_whois(const directory_view& all, const known_client* asker,
                        const ask_directory& question) {
  auto result = std::make_shared<answer>();
  for (const auto& nick : question.names)
    if (const auto* client = find_client(all, nick))
      result->emplace_back(whois_answer{view_of(*client, asker)});
    else
      result->emplace_back(outcome{refused{refusal::no_such_nick, nick}});
  return result;
}

answer_ptr answer_whowas(const directory_view& all, const ask_directory& question) {
  auto result = std::make_shared<answer>();
  for (const auto& nick : question.names) {
    auto found = all.whowas.find(nick, question.count_max, question_steps_max);
    if (found.empty())
      result->emplace_back(outcome{refused{refusal::was_no_such_nick, nick}});
    else
      result->emplace_back(whowas_answer{std::move(found)});
  }
  return result;
}

answer_ptr answer_present(const directory_view& all, const ask_directory& question) {
  present_answer result;
  for (const auto& nick : question.names)
    if (const auto* client = find_client(all, nick))
      result.clients.push_back(client->who.who);
  return answer_of(std::move(result));
}

/// Finds whoever matches a mask, in bounded time.
class who_search {
 public:
  who_search(const known_client* asker, std::string_view mask, std::size_t rows_max)
      : asker_(asker), mask_(mask), rows_max_(rows_max) {
    if (asker_ == nullptr)
      return;
    for (const auto& part : asker_->parts)
      rooms_.push_back(part.room);
    std::sort(rooms_.begin(), rooms_.end());
  }

  bool done() const { return result_.rows.size() >= rows_max_ || steps_ > question_steps_max; }

  void look_at(const known_client& client) {
    if (!matches_mask(*client.who.who))
      return;
    const auto* shared = shared_part(client);
    const bool hidden = client.who.who->invisible && shared == nullptr && asker_ != &client &&
                        (asker_ == nullptr || !asker_->who.who->server_operator);
    if (!hidden)
      add(client, shared);
  }

  void add(const known_client& client) { add(client, shared_part(client)); }

  who_answer take() { return std::move(result_); }

 private:
  bool matches_mask(const identity& who) {
    for (const std::string* field : {&who.nick, &who.user, &who.host, &who.real_name}) {
      const auto tried = try_mask(mask_, *field);
      steps_ += tried.steps;
      if (tried.matches)
        return true;
    }
    return false;
  }

  /// The part of the client in a room that the asker is in, too; null: there is none.
  const known_part* shared_part(const known_client& client) {
    for (const auto& part : client.parts) {
      ++steps_;
      if (std::binary_search(rooms_.begin(), rooms_.end(), part.room))
        return &part;
    }
    return nullptr;
  }

  void add(const known_client& client, const known_part* shared) {
    who_answer::row row{client.who.who, {}, {client.who.who}};
    if (shared != nullptr) {
      row.room = shared->room->name;
      row.part.room_operator = shared->room_operator;
      row.part.has_voice = shared->has_voice;
    }
    result_.rows.push_back(std::move(row));
  }

  const known_client* asker_;
  std::string_view mask_;
  std::size_t rows_max_;
  std::vector<const known_room*> rooms_;  ///< Of the asker, in order of their addresses.
  std::size_t steps_ = 0;
  who_answer result_;
};

answer_ptr answer_who(const directory_view& all, const known_client* asker,
                      const ask_directory& question) {
  std::string_view mask = "*";
  if (!question.names.empty() && question.names.front() != "0")
    mask = question.names.front();
  const auto rows_max =
      question.count_max == 0 ? who_rows_max : std::min(question.count_max, who_rows_max);
  who_search search{asker, mask, rows_max};
  if (const auto* client = find_client(all, mask)) {
    search.add(*client);
    return answer_of(search.take());
  }
  for (const auto& [id, client] : all.clients.all()) {
    if (search.done())
      break;
    search.look_at(client);
  }
  return answer_of(search.take());
}

answer_ptr answer_invitations(const directory_view& all, const known_client* asker) {
  invitations_answer result;
  if (asker != nullptr)
    result.rooms = all.clients.invitations_of(*asker);
  return answer_of(std::move(result));
}

}  // namespace

census directory_view::counts() const {
  auto result = clients.counts();
  result.other_nodes = nodes.size();
  return result;
}

const known_client* find_client(const directory_view& all, std::string_view nick) {
  const auto* id = all.nicks.find(nick);
  return id != nullptr ? all.clients.find(*id) : nullptr;
}

answer_ptr answer_question(const directory_view& all, const known_client* asker,
                           const ask_directory& question) {
  switch (question.what) {
    case client_question::whois:
      return answer_whois(all, asker, question);
    case client_question::whowas:
      return answer_whowas(all, question);
    case client_question::ison:
    case client_question::userhost:
      return answer_present(all, question);
    case client_question::who:
      return answer_who(all, asker, question);
    case client_question::census:
      return answer_of(census_answer{all.counts()});
    case client_question::nodes:
      return answer_of(nodes_answer{{all.nodes.begin(), all.nodes.end()}});
    case client_question::invitations:
      return answer_invitations(all, asker);
  }
  return nullptr;
}

answer describe_watched(const directory_view& all, const std::vector<std::string>& nicks) {
  online_answer online;
  offline_answer offline;
  for (const auto& nick : nicks) {
    const auto* client = find_client(all, nick);
    // Who has only reserved the nick will be announced when it has it.
    if (client != nullptr && same_name(client->who.who->nick, nick))
      online.clients.push_back(client->who.who);
    else
      offline.nicks.push_back(nick);
  }
  answer result;
  if (!online.clients.empty())
    result.emplace_back(std::move(online));
  if (!offline.nicks.empty())
    result.emplace_back(std::move(offline));
  return result;
}

}  // namespace confab
