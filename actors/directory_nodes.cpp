// What the directory does for a cluster: the clients of other nodes, and what other nodes are told.

#include "actors/directory.hpp"
#include "actors/model/case_mapping.hpp"
#include "actors/node_nick.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>

#include <caf/all.hpp>

namespace confab {

void directory_state::end_connection(const client_id& whom, const std::string& words) {
  if (const auto* client = clients_.find(whom))
    self_->send(client->session, killed_atom::value, words);
}

void directory_state::tell_all_to(known_peer peer, sync_round round) {
  std::vector<node_client> clients;
  for (const auto& [id, client] : clients_.all())
    if (!id.is_elsewhere())
      clients.push_back({client.who, client.nick_since_ms});
  self_->send(peer.actor, sync_atom::value, std::move(clients), round);
  const auto is_it = [&](const known_peer& each) { return each.id == peer.id; };
  if (std::none_of(peers_.begin(), peers_.end(), is_it))
    peers_.push_back(std::move(peer));
}

void directory_state::note_node(const std::string& name, bool linked) {
  if (linked)
    nodes_.insert(name);
  else
    nodes_.erase(name);
}

/// What concerns a client as such. All peers are told: the rooms have told them of the rooms.
void directory_state::tell_peers(publication& news, event_batch batch) {
  if (peers_.empty() || batch.who.from.is_elsewhere())
    return;
  const auto told = stamped(std::move(batch));
  for (const auto& peer : peers_)
    news.tell(told, peer.id, peer.actor, peer.itself);
}

/// Something has changed that its rooms are not told. Whoever asked for that waits for the other
/// nodes even so: else a client that asks for nothing else could fill the links to them.
void directory_state::tell_peers_silently(publication& news, const known_client& client) {
  event_batch batch{{}, client.who, {}, audience_kind::watchers};
  batch.at = clock_.next(0, now_ms_());
  batch.at.first_ms = batch.at.last_ms = client.nick_since_ms;
  tell_peers(news, std::move(batch));
}

/// It has logged in.
void directory_state::tell_peers_of_new(const known_client& client) {
  if (client.who.from.is_elsewhere())
    return;
  for (const auto& peer : peers_)
    self_->send(peer.actor, client_atom::value, node_client{client.who, client.nick_since_ms});
}

/// The nick that a client of another node gets here: the one that it has there, or one with the
/// name of its node behind it. If who has it is of this node, and has had it for less long, it is
/// told to take another one; then the client of the other node gets its own. All nodes decide
/// alike.
std::string directory_state::settle_collision(const nick_claim& wanted) {
  const auto& who = *wanted.wanted.who;
  const auto id = wanted.wanted.from;
  if (nicks_.claim(who.nick, id))
    return who.nick;
  const auto* holder = find_client(who.nick);
  const auto& here = peers_.empty() ? std::string{} : peers_.front().here;
  if (holder != nullptr && !holder->who.from.is_elsewhere()) {
    // One that is about to have it claims it later than whoever is known to have it.
    const bool has_it = same_name(holder->who.who->nick, who.nick);
    const auto since_ms = has_it ? holder->nick_since_ms : std::numeric_limits<std::int64_t>::max();
    const auto& reserved = holder->reserved_nick;
    const bool gives_it_up = has_it && !reserved.empty() && !same_name(reserved, who.nick);
    if (!gives_it_up && std::tie(wanted.since_ms, who.node) < std::tie(since_ms, here))
      self_->send(holder->session, rename_atom::value,
                  nick_with_node(has_it ? holder->who.who->nick : reserved, here));
  }
  auto other = nick_with_node(who.nick, who.node);
  return nicks_.claim(other, id) ? other : nicks_.claim_numbered(other, id);
}

/// Whoever waits for the nick may have it. Some may not want it any more, so all are asked; the
/// first one who still does gets it, and the others wait on.
void directory_state::release_nick(const std::string& nick, const client_id& whom) {
  nicks_.release(nick, whom);
  if (wishes_.empty() || nicks_.find(nick) != nullptr)
    return;
  const auto [first, end] = wishes_.equal_range(folded(nick));
  for (auto each = first; each != end; ++each)
    if (const auto* client = clients_.find(each->second))
      self_->send(client->session, rename_atom::value, nick);
}

/// Remembers which nick a client of another node has there, if it could not have it here.
void directory_state::wish(known_client& client, const std::string& nick) {
  const auto& id = client.who.from;
  std::erase_if(wishes_, [&](const auto& each) { return each.second == id; });
  const auto* holder = nicks_.find(nick);
  if (holder != nullptr && *holder != id)
    wishes_.emplace(folded(nick), id);
}

}  // namespace confab
