#include "actors/cluster/peer.hpp"

#include "actors/cluster/farewell.hpp"
#include "actors/cluster/known_dialects.hpp"
#include "actors/model/case_mapping.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <caf/all.hpp>

namespace confab {

namespace {

/// A client that is not known by its number.
constexpr client_id somebody{first_peer_gateway, 0};

/// Calls `translate` for the number of each client that is put out.
template <class Translate>
void for_each_put_out(std::vector<event>& events, Translate translate) {
  for (auto& each : events)
    if (auto* happening = std::get_if<kicked>(&each))
      happening->whom.from = translate(happening->whom);
}

/// Whether it is about another client than the one who did it, which has to be there by then.
bool concerns_others(const cluster_news& news) {
  const auto* in_room = std::get_if<room_news>(&news);
  if (in_room == nullptr)
    return false;
  return std::any_of(in_room->events.begin(), in_room->events.end(), [](const event& each) {
    const auto* modes = std::get_if<modes_set>(&each);
    return std::holds_alternative<kicked>(each) ||
           (modes != nullptr && std::any_of(modes->changes.begin(), modes->changes.end(),
                                            [](const mode_change& change) {
                                              return change.letter == 'o' || change.letter == 'v';
                                            }));
  });
}

}  // namespace

peer_state::peer_state(self_pointer<peer_actor> self, peer_settings settings)
    : self_(self),
      settings_(std::move(settings)),
      link_(settings_.link),
      catching_up_(
          {static_cast<bool>(settings_.archive), settings_.history_age_ms_max, settings_.now_ms}) {
  ask_directory();  // Which knows from now on what this node is called; the answer is for nobody.
}

// -- the link -----------------------------------------------------------------

void peer_state::connect(wire_actor cable) {
  cable_ = std::move(cable);
  carry_out(link_.connect());
}

void peer_state::disconnect() {
  cable_ = nullptr;
  carry_out(link_.disconnect());
}

void peer_state::receive(wire_message message) {
  carry_out(link_.receive(std::move(message)));
}

/// Whoever waits for what this side has not taken yet hears that this side lives.
void peer_state::tick() {
  if (!open_.empty() || !waiting_.empty()) {
    taken_told_ = taken_;
    carry_out(link_.take(taken_));
  }
  carry_out(link_.tick());
  carry_out(catching_up_.tick());
}

/// Stand-ins may wait for actors that have ended before: nobody waits for them.
void peer_state::end() {
  disconnect();
  for (const auto& [number, each] : tickets_)
    if (each.who)
      caf::anon_send_exit(each.who, caf::exit_reason::user_shutdown);
  for (const auto& all : std::exchange(leaving_, {}))
    for (const auto& [id, each] : all)
      caf::anon_send_exit(each.actor, caf::exit_reason::user_shutdown);
  farewell_taken_ = {};  // It holds a reference to the peer.
  settings_.registry = nullptr;
  settings_.directory = nullptr;
  settings_.membership = nullptr;
  settings_.archive = nullptr;
}

void peer_state::carry_out(link_steps steps) {
  if (steps.lost) {
    watch_.note_lost(ended_with_ != 0);
    tell_directory_of_link(false);
    lose_all();
  }
  if (steps.broken && settings_.on_broken)
    settings_.on_broken(steps.why, settings_.link.other_node);
  if (steps.broken && settings_.membership)
    self_->send(settings_.membership, redial_atom::value, settings_.link.other_node);
  for (auto& each : steps.to_send)
    self_->send(cable_, wire_atom::value, std::move(each));
  if (steps.established) {
    watch_.note_made();
    tell_directory_of_link(true);
    begin_to_tell();
  }
  if (steps.taken_up_to != 0)
    confirm(steps.taken_up_to);
  for (auto& each : steps.news)
    waiting_.push_back(std::move(each));
  take_in_waiting();
  if (steps.question)
    carry_out(catching_up_.receive(*std::move(steps.question)));
  if (steps.answer)
    carry_out(catching_up_.receive(*std::move(steps.answer)));
}

void peer_state::carry_out(catch_up_steps steps) {
  if (steps.refused.count > 0 && settings_.on_refused)
    settings_.on_refused(steps.refused, settings_.link.other_node);
  if (!settings_.archive)
    steps.to_archive.clear();
  for (auto& each : steps.to_archive) {
    each.asker = handle_of<peer_actor>(self_);
    const auto* missing = std::get_if<missing_events>(&each.what);
    if (missing != nullptr && !missing->removed.empty())
      self_->send(settings_.registry, redact_atom::value, missing->removed);
    self_->send(settings_.archive, compare_atom::value, std::move(each));
  }
  const auto send = [this](auto& what) {
    if (!what || !cable_ || link_.epoch_there() == 0)
      return;
    what->yours = link_.epoch_there();
    self_->send(cable_, wire_atom::value, wire_message{*std::move(what)});
  };
  send(steps.answer);
  send(steps.question);
}

void peer_state::take_comparison(comparison_result found) {
  carry_out(catching_up_.receive(std::move(found)));
}

/// Whoever was behind the link leaves; then those who wait for the other node wait no more.
void peer_state::lose_all() {
  catching_up_.lose();
  stage_ = stage::knows_nothing;
  ++round_;
  told_clients_.clear();
  clients_to_tell_.clear();
  rooms_to_tell_.clear();
  for (auto& each : unconfirmed_)
    held_.push_back(std::move(each.second));
  unconfirmed_.clear();
  waiting_.clear();
  open_.clear();
  open_tasks_ = 0;
  taken_ = taken_told_ = received_ = in_step_with_ = ended_with_ = 0;
  end_farewell();
  for (auto& [number, each] : tickets_)
    each.number = 0;
  clients_.clear();
  leaving_.push_back(std::exchange(stand_ins_, {}));
  send_away();
}

void peer_state::send_away() {
  while (departures_ < settings_.tasks_max && !leaving_.empty()) {
    auto& all = leaving_.front();
    if (all.empty()) {
      leaving_.pop_front();
      continue;
    }
    const auto next = all.extract(all.begin());
    const auto id = next.key();
    const auto who = next.mapped().actor;
    ++departures_;
    const auto number = ++tickets_given_;
    auto& departure = tickets_[number];
    departure.departs = true;
    departure.who = who;
    departure.passes_rooms = true;
    self_->send(who, relay_atom::value,
                stand_in_task{number, client_went{id, settings_.link.other_node + " is lost"}});
  }
  if (departures_ == 0)
    for (const auto& each : std::exchange(held_, {}))
      answer(each);
}

// -- what is told -------------------------------------------------------------

void peer_state::begin_to_tell() {
  carry_out(catching_up_.link(link_.answers_questions()));
  ++round_;
  ask_directory();
}

void peer_state::ask_directory() {
  self_->send(settings_.directory, sync_atom::value,
              known_peer{settings_.id, handle_of<peer_actor>(self_),
                         std::make_shared<const audience>(1), settings_.link.own_node},
              round_);
}

void peer_state::tell_directory_of_link(bool linked) {
  self_->send(settings_.directory, linked_atom::value, settings_.link.other_node, linked);
}

void peer_state::list_clients(std::vector<node_client> clients, sync_round round) {
  if (round != round_ || !link_.is_up())
    return;
  stage_ = stage::knows_clients;
  if (clients_to_tell_.empty())
    clients_to_tell_ = std::move(clients);
  tell_more_clients();
}

/// By a message to itself, as if the directory had told of nobody more. When all have been told,
/// the rooms follow.
void peer_state::tell_more_clients() {
  for (auto left = settings_.tasks_max; left > 0 && !clients_to_tell_.empty(); --left) {
    tell_client(clients_to_tell_.back());
    clients_to_tell_.pop_back();
  }
  if (!clients_to_tell_.empty())
    return self_->delayed_send(handle_of<peer_actor>(self_), telling_pause, sync_atom::value,
                               std::vector<node_client>{}, round_);
  self_->send(settings_.registry, sync_atom::value,
              known_peer{settings_.id, handle_of<peer_actor>(self_),
                         std::make_shared<const audience>(1), settings_.link.own_node},
              round_);
  say_farewell_if_due();
}

void peer_state::list_rooms(const std::vector<std::string>& rooms, sync_round round) {
  if (round != round_ || !link_.is_up())
    return;
  stage_ = stage::knows_rooms;
  rooms_to_tell_.insert(rooms.begin(), rooms.end());
  if (rooms_to_tell_.empty())
    be_in_step();
}

void peer_state::describe_room(const room_record& room, sync_round round) {
  if (round == settling_round) {
    if (tells_everything() && link_.settles_rooms())
      add(room, {});
    return;
  }
  if (round != round_ || rooms_to_tell_.erase(room.room) == 0)
    return;
  auto part = room;
  if (room.members.empty() && room.stays_when_vacant)
    add(part, {});
  for (auto next = room.members.begin(); next != room.members.end();) {
    const auto count =
        std::min(settings_.tasks_max, static_cast<std::size_t>(room.members.end() - next));
    part.members.assign(next, next + static_cast<std::ptrdiff_t>(count));
    next += static_cast<std::ptrdiff_t>(count);
    add(part, {});
  }
  if (rooms_to_tell_.empty())
    be_in_step();
}

/// All that there is has been told, and all rooms tell what happens from now on.
void peer_state::be_in_step() {
  add(in_step{}, {});
  take_in_waiting();
}

bool peer_state::tells_everything() const {
  return stage_ == stage::knows_rooms && rooms_to_tell_.empty();
}

void peer_state::tell_client(const node_client& client) {
  if (stage_ == stage::knows_nothing)
    return;
  const auto& id = client.who.from;
  if (told_clients_.insert(id).second)
    add(client_came{id, *client.who.who, client.nick_since_ms}, {});
  else
    add(client_changed{id, *client.who.who, client.nick_since_ms, client_changed::news::nothing},
        {});
}

/// What the other node does not know of yet, it will be told when it is told of the client or of
/// the room.
void peer_state::tell(const event_batch& batch, const audience& readers, const receipt& reply) {
  const auto& id = batch.who.from;
  if (id.is_elsewhere())
    return answer(reply);
  if (!told_clients_.contains(id)) {
    change_untold(batch);
    return answer(reply);
  }
  if (batch.to == audience_kind::watchers)
    return tell_of_client(batch, reply);
  if (batch.to == audience_kind::client)
    return tell_privately(batch, readers, reply);
  if (stage_ != stage::knows_rooms || rooms_to_tell_.contains(batch.room))
    return answer(reply);
  room_news news{batch.room, id, batch.events, batch.to_prefix, batch.at};
  // Whoever is put out is told by the number that it has on its own node: its nick may change.
  for_each_put_out(news.events, [this](const author& whom) {
    const auto found = clients_.find(whom.from.connection);
    if (whom.from.gateway == settings_.id && found != clients_.end())
      return found->second;
    return whom.from.is_elsewhere() ? somebody : whom.from;
  });
  add(std::move(news), reply);
}

/// Whoever will be told of later is told of as it is by then, or not at all if it has gone.
void peer_state::change_untold(const event_batch& batch) {
  if (batch.to != audience_kind::watchers)
    return;
  const auto found =
      std::find_if(clients_to_tell_.begin(), clients_to_tell_.end(),
                   [&](const node_client& each) { return each.who.from == batch.who.from; });
  if (found == clients_to_tell_.end())
    return;
  const auto* happening = batch.events.empty() ? nullptr : &batch.events.front();
  if (happening != nullptr && std::holds_alternative<left>(*happening)) {
    *found = std::move(clients_to_tell_.back());
    clients_to_tell_.pop_back();
    return say_farewell_if_due();
  }
  if (!same_name(found->who.who->nick, batch.who.who->nick))
    found->nick_since_ms = batch.at.first_ms;
  found->who = batch.who;
}

void peer_state::tell_of_client(const event_batch& batch, const receipt& reply) {
  const auto& id = batch.who.from;
  client_changed news{id, *batch.who.who, batch.at.first_ms, client_changed::news::nothing};
  if (batch.events.empty())
    return add(std::move(news), reply);
  const auto& happening = batch.events.front();
  if (const auto* departure = std::get_if<left>(&happening)) {
    told_clients_.erase(id);
    add(client_went{id, departure->reason}, reply);
    return say_farewell_if_due();
  }
  if (std::holds_alternative<renamed>(happening))
    news.told = client_changed::news::renamed;
  else if (std::holds_alternative<away_set>(happening))
    news.told = client_changed::news::away;
  else if (std::holds_alternative<real_name_set>(happening))
    news.told = client_changed::news::real_name;
  add(std::move(news), reply);
}

/// What is for one client of the other node. That somebody was invited, the room has told.
void peer_state::tell_privately(const event_batch& batch, const audience& readers,
                                const receipt& reply) {
  if (std::holds_alternative<wall>(batch.events.front()))  // For all who hear such words there.
    return add(private_news{batch.who.from, {}, batch.events, {}, batch.at}, reply);
  const auto found = readers.empty() ? clients_.end() : clients_.find(readers.front());
  if (found == clients_.end() || batch.to_nick.empty())
    return answer(reply);
  add(private_news{batch.who.from, found->second, batch.events, batch.to_nick, batch.at}, reply);
}

void peer_state::add(cluster_news news, const receipt& reply) {
  if (!link_.is_up() || other_node_has_ended())
    return answer(reply);
  const auto number = link_.add(std::move(news));
  if (!watch_.is_measuring())
    watch_.begin(number, self_->system().clock().now());
  if (reply.gateway)
    unconfirmed_.emplace_back(number, reply);
  schedule_flush();
}

void peer_state::schedule_flush() {
  if (!std::exchange(flush_scheduled_, true))
    self_->send(handle_of<peer_actor>(self_), flush_atom::value);
}

/// Comes behind all that was in the mailbox, so much travels together.
void peer_state::flush() {
  flush_scheduled_ = false;
  if (taken_ > taken_told_) {
    taken_told_ = taken_;
    carry_out(link_.take(taken_));
  }
  carry_out(link_.flush());
}

void peer_state::confirm(std::uint64_t up_to) {
  watch_.note_taken(up_to, self_->system().clock().now());
  while (!unconfirmed_.empty() && unconfirmed_.front().first <= up_to) {
    answer(unconfirmed_.front().second);
    unconfirmed_.pop_front();
  }
  if (farewell_ != 0 && farewell_ <= up_to)
    end_farewell();
}

void peer_state::answer(const receipt& reply) {
  if (!reply.gateway)
    return;
  if (departures_ > 0)
    held_.push_back(reply);
  else
    self_->send(reply.gateway, queued_atom::value, reply.connection, std::size_t{1});
}

// -- how the link does, and its end -------------------------------------------

link_report peer_state::report() const {
  link_report result;
  result.node = settings_.link.other_node;
  result.up = link_.is_up();
  result.news_under_way = link_.news_under_way();
  result.bytes_under_way = link_.bytes_under_way();
  result.credit_bytes = settings_.link.credit_bytes;
  result.clients = stand_ins_.size();
  result.texts_to_catch_up = events_missing();
  result.has_caught_up = has_caught_up();
  result.steps = received_ + catching_up_.questions_asked();
  watch_.describe(result, self_->system().clock().now());
  return result;
}

/// An older node, which answers no questions, is not waited for.
bool peer_state::has_caught_up() const {
  if (!link_.is_up() || !link_.answers_questions())
    return link_.is_up();
  return in_step_with_ != 0 && taken_ >= in_step_with_ && catching_up_.has_caught_up();
}

void peer_state::say_farewell(caf::typed_response_promise<gateway_id> when_taken) {
  farewell_taken_ = std::move(when_taken);
  if (link_.is_up())
    say_farewell_if_due();
  else
    end_farewell();
}

void peer_state::say_farewell_if_due() {
  if (!farewell_taken_.pending() || stage_ == stage::knows_nothing || !told_clients_.empty() ||
      !clients_to_tell_.empty() || farewell_ != 0)
    return;
  if (other_node_has_ended())  // It takes no more.
    return end_farewell();
  add(farewell(settings_.link.own_node + " ends"), {});
  farewell_ = link_.added();
}

void peer_state::end_farewell() {
  farewell_ = 0;
  if (farewell_taken_.pending())
    farewell_taken_.deliver(settings_.id);
}

// -- what is heard ------------------------------------------------------------

/// Nobody comes back before everybody has left. And nobody is seen here before the other node is
/// told what is said here: else somebody would be there for whom nothing is meant. Each stand-in
/// does one task after the other, but not one after the tasks of others: so what concerns others is
/// done when all before it has been done, and before all behind it.
void peer_state::take_in_waiting() {
  while (tells_everything() && departures_ == 0 && !waiting_.empty() &&
         open_tasks_ < settings_.tasks_max) {
    if (!open_.empty() && (is_alone_ || concerns_others(waiting_.front())))
      return;
    is_alone_ = concerns_others(waiting_.front());
    auto news = std::move(waiting_.front());
    waiting_.pop_front();
    take_in(++received_, std::move(news));
  }
}

void peer_state::take_in(std::uint64_t number, cluster_news news) {
  open_.push_back({1});  // One task until all of them were handed over.
  ++open_tasks_;
  std::visit([&](auto& what) { perform(number, what); }, news);
  close_news(number);
}

void peer_state::perform(std::uint64_t number, client_came& what) {
  if (stand_ins_.contains(what.id))
    return carry_out(link_.restart("it has told of a client that is there already"));
  const auto key = ++keys_;
  what.who.node = settings_.link.other_node;
  known_stand_in made{
      settings_.spawn_stand_in(self_->system(), {{settings_.id, key},
                                                 gateway_actor{handle_of<peer_actor>(self_)},
                                                 settings_.registry,
                                                 settings_.directory}),
      key};
  stand_ins_.emplace(what.id, made);
  clients_.emplace(key, what.id);
  hand_over(number, made, {0, std::move(what)});
}

void peer_state::perform(std::uint64_t number, client_changed& what) {
  what.who.node = settings_.link.other_node;
  relay(number, what.id, std::move(what));
}

void peer_state::perform(std::uint64_t number, client_went& what) {
  if (is_farewell(what)) {
    ended_with_ = number;
    if (settings_.membership)
      self_->send(settings_.membership, ending_atom::value, settings_.link.other_node);
    return;
  }
  const auto id = what.id;
  relay(number, id, std::move(what));
  if (const auto found = stand_ins_.find(id); found != stand_ins_.end()) {
    clients_.erase(found->second.key);
    stand_ins_.erase(found);
  }
}

void peer_state::perform(std::uint64_t number, room_news& what) {
  for_each_put_out(what.events, [this](const author& whom) {
    if (whom.who->node == settings_.link.own_node)
      return whom.from;
    const auto found = stand_ins_.find(whom.from);
    return whom.who->node.empty() && found != stand_ins_.end()
               ? client_id{settings_.id, found->second.key}
               : somebody;
  });
  const auto by = what.by;
  relay(number, by, std::move(what));
}

void peer_state::perform(std::uint64_t number, private_news& what) {
  const auto by = what.by;
  relay(number, by, std::move(what));
}

void peer_state::perform(std::uint64_t, kill_news& what) {
  self_->send(settings_.directory, killed_atom::value, what.whom, std::move(what.words));
}

void peer_state::perform(std::uint64_t number, room_record& what) {
  const auto room = std::make_shared<const room_record>(std::move(what));
  for (const auto& each : room->members)
    relay(number, each.who, found_in_room{room, each.room_operator, each.has_voice});
  if (room->members.empty())
    self_->send(settings_.registry, merge_atom::value, room_record_ptr{room}, the_other_node());
}

author peer_state::the_other_node() const {
  return node_as_author(settings_.link.other_node, known_dialects::unknown, {settings_.id, 0});
}

/// What was said there until now, in rooms that had not been told of, was not told here.
void peer_state::perform(std::uint64_t number, in_step&) {
  in_step_with_ = number;
  carry_out(catching_up_.note_in_step());
}

/// Nothing if the client is not known: what concerns it came too late.
template <class What>
void peer_state::relay(std::uint64_t number, const client_id& whose, What&& what) {
  if (const auto found = stand_ins_.find(whose); found != stand_ins_.end())
    hand_over(number, found->second, {0, std::forward<What>(what)});
}

void peer_state::hand_over(std::uint64_t number, const known_stand_in& to, stand_in_task task) {
  task.ticket = ++tickets_given_;
  auto& made = tickets_[task.ticket];
  made.number = number;
  made.who = to.actor;
  made.passes_rooms = std::holds_alternative<client_changed>(task.what) ||
                      std::holds_alternative<client_went>(task.what);
  ++open_[number - taken_ - 1].tasks;
  ++open_tasks_;
  self_->send(to.actor, relay_atom::value, std::move(task));
}

void peer_state::finish(const receipt& reply, std::size_t gateways) {
  const auto found = tickets_.find(reply.connection);
  if (found == tickets_.end())
    return;
  auto& each = found->second;
  each.has_effect = !each.passes_rooms || reply.next != next_step::nothing;
  each.expected += gateways;
  if (reply.next == next_step::continue_requests && each.who)
    self_->send(each.who, continue_atom::value, batch_bytes{1});
  end_if_done(found->first);
}

void peer_state::note_queued(std::uint64_t ticket_number) {
  const auto found = tickets_.find(ticket_number);
  if (found == tickets_.end())
    return;
  ++found->second.queued;
  end_if_done(ticket_number);
}

void peer_state::end_if_done(std::uint64_t ticket_number) {
  const auto found = tickets_.find(ticket_number);
  if (!found->second.has_effect || found->second.queued < found->second.expected)
    return;
  const auto done = std::move(found->second);
  tickets_.erase(found);
  if (done.departs) {
    --departures_;
    send_away();
  }
  if (done.number > taken_)
    close_news(done.number);
  take_in_waiting();
}

/// One task less. What has been done without a gap, the other node hears of.
void peer_state::close_news(std::uint64_t number) {
  if (number <= taken_ || number - taken_ > open_.size())
    return;  // The link was lost meanwhile.
  --open_[number - taken_ - 1].tasks;
  --open_tasks_;
  while (!open_.empty() && open_.front().tasks == 0) {
    open_.pop_front();
    ++taken_;
  }
  if (taken_ > taken_told_)
    schedule_flush();
}

void peer_state::offer_nick(connection_key stand_in) {
  const auto found = clients_.find(stand_in);
  if (found == clients_.end())
    return;
  const auto& to = stand_ins_.at(found->second);
  const auto number = ++tickets_given_;
  auto& made = tickets_[number];
  made.who = to.actor;
  made.passes_rooms = true;
  self_->send(to.actor, relay_atom::value, stand_in_task{number, nick_is_free{}});
}

void peer_state::kill(connection_key stand_in, const std::string& words) {
  if (const auto found = clients_.find(stand_in); found != clients_.end())
    add(kill_news{found->second, words}, {});
}

}  // namespace confab
