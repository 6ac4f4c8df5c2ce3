// How a scene ends: in whatever way, nothing stays behind.

#include "actors/room.hpp"
#include "tests/simulation/scene.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace confab::simulation {

namespace {

/// A run that takes more steps than this to come to rest never does. A history that another node
/// gets event by event takes many.
constexpr std::size_t settle_steps_max = 1'000'000;

/// As much as one read takes when it does not matter.
constexpr std::size_t large_read_bytes = 16 * 1024;

/// Input that waits for its turn is read within as many seconds: one read of short lines, one in a
/// second, as it is where a plan allows no more than one at once.
constexpr std::size_t idle_rounds_max = 2000;

/// A server that was told to end has ended by then.
constexpr std::size_t seconds_to_end = 8;

/// As many try to come in when everybody has gone.
constexpr std::size_t newcomers_max = 4;

}  // namespace

/// Lets everything happen that can, without the clients and the clock.
void scene::come_to_rest(const char* when) {
  for (std::size_t i = 0; i < settle_steps_max && !cut_short(); ++i) {
    const bool actor_first = random_.chance(70);
    if (!(actor_first ? step_actor() || step_network(large_read_bytes)
                      : step_network(large_read_bytes) || step_actor()) &&
        !step_cables())
      return;
    if (cables_ && random_.chance(20))
      step_cables();
  }
  find(std::string{"the server does not come to rest "} + when);
  is_restless_ = true;
}

void scene::let_everyone_read() {
  for (const auto& each : clients_) {
    each->send_all();
    each->read_all();
  }
  come_to_rest("when everybody reads");
  auto waiting = bytes_waiting();
  for (std::size_t idle_rounds = 0; waiting > 0 && idle_rounds < idle_rounds_max; ++idle_rounds) {
    server_.pass_time(std::chrono::seconds{1});
    come_to_rest("when everybody reads");
    if (const auto before = std::exchange(waiting, bytes_waiting()); waiting < before)
      idle_rounds = 0;
  }
  for (const auto& each : clients_)
    if (each->open() && !each->wire().finishing() && each->wire().unread() > 0)
      find("the server does not read client " + std::to_string(each->seen().number) +
           " any more: " + std::to_string(each->wire().unread()) + " bytes wait" +
           (each->wire().reading() ? " though it reads" : ""));
  for (const auto& each : clients_)
    if (each->open() && each->wire().out().size() > 0)
      find("client " + std::to_string(each->seen().number) + " reads and does not get " +
           std::to_string(each->wire().out().size()) + " bytes");
  note_quiet();
}

/// Input that comes faster than it may is read later; 1 for a client whose input was all read.
std::size_t scene::bytes_waiting() const {
  std::size_t bytes = 0;
  if (plan_.limits.input_bytes_per_second_max == 0 &&
      plan_.limits.input_lines.per_second >= lines_plenty)
    return bytes;
  for (const auto& each : clients_)
    if (each->open() && !each->wire().finishing() && !each->wire().reading())
      bytes += 1 + each->wire().unread();
  return bytes;
}

void scene::note_quiet() {
  quiet_ = now_;
  seconds_when_quiet_ = server_.seconds();
  bounds_.crowd_leaves();
}

void scene::everyone_leaves() {
  if (cables_)
    heal();
  else
    come_to_rest("before the end");
  let_everyone_read();
  if (cables_) {
    ask_all_nodes(rooms_of_all_nodes());
    let_histories_converge();
  }
  for (const auto& each : clients_) {
    each->leave(random_);
    if (random_.chance(50))
      come_to_rest("while clients leave");
  }
  come_to_rest("when the clients leave");
  for (const auto& each : clients_)
    if (random_.chance(70))
      each->reset();
  come_to_rest("when clients reset");
  // Who is still there is nobody that the server must serve for ever, or logged in.
  server_.pass_time(std::chrono::seconds{70});
  come_to_rest("after the deadlines");
  server_.pass_time(std::chrono::seconds{12});
  come_to_rest("after the deadlines");
  for (const auto& each : clients_)
    each->reset();
  come_to_rest("when all have reset");
  // A room that was about to tell other nodes what holds in it stays in memory until then.
  if (cables_) {
    server_.pass_time(settling_pause);
    come_to_rest("when rooms would have settled");
  }
  check_nothing_stays();
}

void scene::server_shuts_down() {
  bounds_.crowd_leaves();
  server_.drain();
  for (std::size_t i = 0; i < settle_steps_max && !server_.drained(); ++i)
    if (!step_actor() && !step_network(plan_.read_bytes_max) && !step_client())
      break;
  come_to_rest("while the server drains");
  if (!server_.drained())
    find("the server does not drain");
  note_quiet();
  server_.finish();
  come_to_rest("when the server ends");
  std::vector<const client*> readers;
  for (const auto& each : clients_)
    if (each->open() && each->seen().hung_up == never) {
      each->read_all();
      readers.push_back(each.get());
    }
  come_to_rest("when everybody reads the last words");
  for (std::size_t i = 0; i < seconds_to_end; ++i) {
    server_.pass_time(std::chrono::seconds{1});
    come_to_rest("after the end");
  }
  for (const auto* each : readers) {
    const auto& seen = each->seen();
    if (each->open())
      find("client " + std::to_string(seen.number) + " is connected to a server that ended");
    if (seen.backlog_when_closed > 0)
      find("client " + std::to_string(seen.number) + " lost " +
           std::to_string(seen.backlog_when_closed) + " bytes when the server ended");
  }
}

void scene::check_nothing_stays() {
  if (open_clients() > 0)
    find("the server keeps connections of clients that are gone");
  check_rooms();
  check_admission();
  std::size_t rooms = 0;
  for (std::size_t node = 0; node < server_.nodes(); ++node)
    rooms += server_.rooms(node) ? server_.rooms(node)->size() : 0;
  if (server_.extra_actors() != rooms)
    find("with " + std::to_string(rooms) + " rooms, " + std::to_string(server_.extra_actors()) +
         " actors are left when everybody has gone");
  if (server_.stand_ins_in_memory() > 0)
    find(std::to_string(server_.stand_ins_in_memory()) +
         " stand-ins are in memory when everybody has gone");
  if (server_.sessions_and_rooms_in_memory() != rooms)
    find("with " + std::to_string(rooms) + " rooms, " +
         std::to_string(server_.sessions_and_rooms_in_memory()) +
         " sessions and rooms are in memory when everybody has gone");
}

/// Who is gone counts no more: there is room for as many as there was at the start.
void scene::check_admission() {
  std::vector<test::simulated_link_ptr> wires;
  for (std::size_t i = 0; i < std::min(plan_.all.connections_max, newcomers_max); ++i)
    wires.push_back(server_.connect(i % plan_.gateways.size()));
  come_to_rest("when others come");
  for (const auto& wire : wires) {
    if (!wire->reading())
      find("nobody else is admitted when everybody has gone");
    wire->peer_resets();
    wire->step();
  }
  come_to_rest("when the others have gone");
}

/// Only rooms that a framed client made may be there now.
void scene::check_rooms() {
  server_.ask_for_rooms();
  come_to_rest("when asked for the rooms");
  if (!server_.rooms())
    return find("the registry does not answer");
  for (const auto& room : *server_.rooms()) {
    const bool kept = std::any_of(clients_.begin(), clients_.end(), [&](const auto& each) {
      const auto& requests = each->seen().requests;
      return std::any_of(requests.begin(), requests.end(), [&](const request& made) {
        return made.what == meaning::create && made.subject == room;
      });
    });
    if (!kept)
      find("room '" + room + "' stays though nobody made it to stay");
  }
  for (std::size_t node = 1; node < server_.nodes(); ++node)
    if (server_.rooms(node) != server_.rooms())
      find("nodes do not know of the same rooms when everybody has gone");
  if (server_.rooms()->size() > plan_.room_rules.kept_vacant_max)
    find("more vacant rooms stay than may");
}

void scene::close_server() {
  if (plan_.end == finale::everyone_leaves)
    server_.finish();
  come_to_rest("when the server ends");
  server_.pass_time(std::chrono::seconds{4});
  come_to_rest("when the server has ended");
  server_.close();
  come_to_rest("when the registry ends");
  if (!server_.is_over())
    find("actors are left when the server has ended");
}

}  // namespace confab::simulation
