#include "io/cluster/membership.hpp"

#include "actors/cluster/told_name.hpp"
#include "io/cluster/host_lookup.hpp"
#include "io/cluster/loopback.hpp"
#include "io/cluster/tls_scribe.hpp"

#include <algorithm>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <spdlog/spdlog.h>

namespace confab {

namespace {

dial_plan::time_point now() {
  return std::chrono::steady_clock::now();
}

/// Neighbours understand each other, so that nodes can be brought to a new release one by one.
bool understand_each_other(std::uint32_t left, std::uint32_t right) {
  return std::max(left, right) - std::min(left, right) <= 1;
}

std::string place(const cluster_peer& peer) {
  const bool is_ipv6 = peer.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + peer.host + "]" : peer.host) + ":" + std::to_string(peer.port);
}

}  // namespace

membership_state::membership_state(membership_inside::pointer self, membership_settings settings)
    : self_(self),
      settings_(std::move(settings)),
      basp_(self_->system()),
      plan_(settings_.name, settings_.seed) {
  for (const auto& each : settings_.peers)
    others_[each.name].where = each;
}

void membership_state::open(const named_door_actor& door, cluster_port port) {
  door_ = door;
  port_ = std::move(port);
  basp_.publish({.door = caf::actor_cast<caf::strong_actor_ptr>(door),
                 .interface_of_door = self_->system().message_types(door),
                 .listening = port_.listening,
                 .port = port_.port,
                 .context = settings_.context,
                 .on_refusal = [me = handle()](const std::string& address, const std::string& why) {
                   caf::anon_send(me, stranger_atom::value, address, why);
                 }});
}

void membership_state::serve(const std::string& node, const peer_port& peer) {
  const auto found = others_.find(node);
  if (found == others_.end())
    return;
  found->second.local = peer;
  plan_.add(node, now());
  dial_due();
}

// -- dialling -------------------------------------------------------------------------------------

void membership_state::dial_due() {
  armed_.reset();
  for (const auto& attempt : plan_.take_due(now()))
    find_host(attempt);
  arm();
}

void membership_state::arm() {
  const auto due = plan_.next_due();
  if (!due || (armed_ && *armed_ <= *due))
    return;
  armed_ = due;
  self_->delayed_send(handle(), std::max(*due - now(), {}), due_atom::value);
}

void membership_state::find_host(const dial_plan::attempt& attempt) {
  const auto& where = others_.at(attempt.node).where;
  if (const auto address = written_address(where.host, where.port))
    connect({attempt, std::vector{*address}});
  else
    look_up_host(self_->system(), where, attempt, handle());
}

/// One address for each attempt: the next one is tried by the next.
void membership_state::connect(const host_found& found) {
  const auto& attempt = found.attempt;
  if (!plan_.is_current(attempt))
    return;
  if (const auto* why = std::get_if<std::string>(&found.addresses))
    return fail(attempt, *why);
  const auto& addresses = std::get<std::vector<socket_address>>(found.addresses);
  auto& other = others_.at(attempt.node);
  const auto& address = addresses[other.next_address++ % addresses.size()];
  if (!settings_.context && !is_loopback(address))
    return fail(attempt, "it is on another machine, and this node has no certificate");
  const auto me = handle();
  other.opening = opening_socket::dial(
      basp_.loop(), address, settings_.context, [me, attempt](opening_socket::ending ending) {
        caf::anon_send(
            me, opened_atom::value,
            socket_opened{attempt, std::make_shared<opening_socket::ending>(std::move(ending))});
      });
  self_->delayed_send(me, settings_.limits.connecting, overdue_atom::value, attempt);
}

void membership_state::give_up(const dial_plan::attempt& attempt) {
  auto& other = others_.at(attempt.node);
  if (!plan_.is_current(attempt) || !other.opening)
    return;
  std::exchange(other.opening, nullptr)->abandon();
  fail(attempt, "it does not answer");
}

/// CAF makes itself known to the other side.
void membership_state::greet(const socket_opened& opened) {
  const auto& attempt = opened.attempt;
  if (!plan_.is_current(attempt))
    return;
  auto& other = others_.at(attempt.node);
  other.opening = nullptr;
  if (const auto* why = std::get_if<std::string>(opened.ending.get()))
    return fail(attempt, *why);
  self_
      ->request(
          basp_.broker(), settings_.limits.greeting, caf::connect_atom::value,
          make_cluster_scribe(basp_.loop(), std::get<opened_socket>(std::move(*opened.ending))),
          other.where.port)
      .then(
          [this, attempt](const caf::node_id& node, const caf::strong_actor_ptr& door,
                          const std::set<std::string>& interface_of_door) {
            knock(attempt, node, door, interface_of_door);
          },
          [this, attempt](const caf::error& failure) { fail(attempt, words_for(failure)); });
}

/// Asks at the door which node that is. One of another name is left alone, and so is the connection
/// to it: CAF has one to each process, which may carry a link.
void membership_state::knock(const dial_plan::attempt& attempt, const caf::node_id& node,
                             const caf::strong_actor_ptr& door,
                             const std::set<std::string>& interface_of_door) {
  if (!plan_.is_current(attempt))
    return;
  auto& system = self_->system();
  if (node == system.node())
    return fail(attempt,
                "that is this node itself, or one that CAF takes for it: two nodes on one "
                "machine must not have the same process number");
  if (!door || !system.assignable(interface_of_door, system.message_types(door_actor{})))
    return fail(attempt, node, "what listens there is no node of Confab");
  const auto to_call = caf::actor_cast<door_actor>(door);
  if (!system.assignable(interface_of_door, system.message_types(named_door_actor{})))
    return call(attempt, node, to_call);  // An older release, which says no name.
  self_
      ->request(caf::actor_cast<named_door_actor>(door), settings_.limits.calling, door_atom::value)
      .then(
          [this, attempt, node, to_call](const std::string& name) {
            if (name == attempt.node)
              return call(attempt, node, to_call);
            if (name == settings_.name)
              return fail(attempt, "another node answers there that calls itself '" + name +
                                       "': each --node needs a name of its own");
            fail(attempt, "node " + told_name(name) + " answers there: the address in --peer " +
                              attempt.node + "=... is wrong");
          },
          [this, attempt, node](const caf::error& failure) {
            fail(attempt, node, words_for(failure));
          });
}

/// Says at the door of the other node who we are.
void membership_state::call(const dial_plan::attempt& attempt, const caf::node_id& node,
                            const door_actor& door) {
  if (!plan_.is_current(attempt))
    return;
  const auto local = caf::actor_cast<wire_actor>(others_.at(attempt.node).local);
  self_
      ->request(door, settings_.limits.calling, door_atom::value,
                door_call{settings_.name, settings_.version, local})
      .then(
          [this, attempt, node](const door_answer& answer) { take_answer(attempt, node, answer); },
          [this, attempt, node](const caf::error& failure) {
            fail(attempt, node, words_for(failure));
          });
}

void membership_state::take_answer(const dial_plan::attempt& attempt, const caf::node_id& node,
                                   const door_answer& answer) {
  if (!plan_.is_current(attempt))
    return;
  if (!answer.refusal.empty() || !answer.peer)
    return fail(attempt, node, "it refuses: " + answer.refusal);
  plan_.succeed(attempt);
  link(others_.at(attempt.node), answer.peer);
}

void membership_state::fail(const dial_plan::attempt& attempt, const std::string& why) {
  if (!plan_.fail(attempt, now()))
    return;
  complain("cannot reach " + attempt.node + " at " + place(others_.at(attempt.node).where) + ": " +
           why);
  arm();
}

void membership_state::fail(const dial_plan::attempt& attempt, const caf::node_id& node,
                            const std::string& why) {
  if (plan_.is_current(attempt) && !serves_others(node, attempt.node))
    basp_.cut(node);
  fail(attempt, why);
}

/// Whether the connection to this process carries a link to a node of another name.
bool membership_state::serves_others(const caf::node_id& node, const std::string& but) const {
  return std::any_of(others_.begin(), others_.end(), [&](const auto& each) {
    return each.first != but && each.second.remote && each.second.remote.node() == node;
  });
}

// -- being dialled --------------------------------------------------------------------------------

void membership_state::note_stranger(const std::string& address, const std::string& why) {
  complain("refused a connection from " + address + ": " + why);
}

/// A call of the same process on a link that lives means that the other side has lost it.
door_answer membership_state::answer(const door_call& call) {
  if (auto refusal = refusal_of(call); !refusal.empty()) {
    complain("refused a node: " + refusal);
    return {std::move(refusal), {}};
  }
  auto& other = others_.at(call.node);
  lose(other);
  link(other, call.peer);
  return {{}, caf::actor_cast<wire_actor>(other.local)};
}

std::string membership_state::refusal_of(const door_call& call) const {
  const auto name = told_name(call.node);
  if (name == settings_.name)
    return "the name '" + name + "' is this node's own";
  const auto found = others_.find(call.node);
  if (found == others_.end())
    return "'" + name + "' is not among the peers of " + settings_.name;
  if (plan_.dials(call.node))
    return "'" + name + "' is dialled by " + settings_.name +
           ": of two nodes the one with the smaller name dials";
  if (!understand_each_other(call.version, settings_.version))
    return name + " speaks version " + std::to_string(call.version) + " and " + settings_.name +
           " version " + std::to_string(settings_.version) +
           ": only neighbours understand each other";
  if (!call.peer)
    return name + " has no peer for " + settings_.name;
  if (!found->second.local)
    return settings_.name + " is not ready yet";
  const auto& other = found->second;
  if (other.remote && !other.ends && other.remote.node() != call.peer.node())
    return "another node calls itself '" + name + "', and is linked to " + settings_.name +
           ": each --node needs a name of its own";
  return {};
}

// -- links ----------------------------------------------------------------------------------------

void membership_state::link(counterpart& other, const wire_actor& remote) {
  other.remote = remote;
  other.ends = false;
  self_->monitor(remote);
  settings_.log->info("cluster: linked to {}", other.where.name);
  self_->send(other.local, linked_atom::value, remote);
}

void membership_state::lose(counterpart& other) {
  if (other.remote && !other.ends)
    settings_.log->warn("cluster: lost {}", other.where.name);
  unlink(other);
}

void membership_state::unlink(counterpart& other) {
  if (!other.remote)
    return;
  self_->demonitor(other.remote.address());
  other.remote = wire_actor{};
  self_->send(other.local, lost_atom::value);
}

void membership_state::note_ending(const std::string& node) {
  const auto found = others_.find(node);
  if (found == others_.end() || !found->second.remote)
    return;
  found->second.ends = true;
  settings_.log->info("cluster: node {} ends in order", node);
}

/// A new connection to the same process gives the same actor an equal address, but another proxy:
/// the end of an old one is not the end of the new one. But if the new one was made before CAF knew
/// of the end of the old one, it is the same proxy, which is dead now: then the other side, which
/// has a link that it believes in, has to hear of it by the end of its connection.
void membership_state::note_down(const caf::down_msg& down) {
  for (auto& [name, other] : others_) {
    if (!other.remote ||
        caf::actor_cast<caf::strong_actor_ptr>(other.remote).get() != down.source.get())
      continue;
    const auto node = other.remote.node();
    lose(other);
    plan_.lose(name, now());
    basp_.cut(node);
  }
  arm();
}

void membership_state::redial(const std::string& node) {
  const auto found = others_.find(node);
  if (found == others_.end() || !found->second.remote)
    return;
  const auto broken = found->second.remote.node();
  lose(found->second);
  plan_.lose(node, now());
  basp_.cut(broken);
  arm();
}

/// A connection that is open, or opening, keeps what it has.
void membership_state::renew(const mutual_tls_ptr& context) {
  settings_.context = context;
  basp_.renew(context);
}

void membership_state::close() {
  for (auto& [name, other] : others_) {
    if (other.opening)
      std::exchange(other.opening, nullptr)->abandon();
    unlink(other);
  }
  for (std::size_t i = 0; i < port_.listening.size(); ++i)
    caf::anon_send(basp_.broker(), caf::close_atom::value, port_.port);
  caf::anon_send_exit(door_, caf::exit_reason::user_shutdown);
  self_->quit();
}

membership_inside membership_state::handle() const {
  return caf::actor_cast<membership_inside>(self_);
}

// -- words ----------------------------------------------------------------------------------------

void membership_state::complain(const std::string& line) {
  if (said_.may_say(line, now()))
    settings_.log->warn("cluster: {}", line);
}

std::string membership_state::words_for(const caf::error& failure) const {
  if (failure == caf::sec::request_timeout || failure == caf::sec::connection_timeout)
    return "it does not answer";
  return "the connection ended before the link was made (" + self_->system().render(failure) + ")";
}

}  // namespace confab
