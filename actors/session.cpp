#include "actors/session.hpp"

#include "actors/fan_out.hpp"
#include "actors/model/case_mapping.hpp"

#include <algorithm>
#include <utility>

#include <caf/all.hpp>

namespace confab {

namespace {

/// With more than this, replies go out before the next request is looked at.
constexpr std::size_t replies_bytes_max = 64 * 1024;

/// What a dialect puts around a text for its readers, without the names of room and author, or
/// fills it up to, is no more than this.
constexpr batch_bytes frame_around_text_bytes = 200;

/// The directory is told no more often than this that a client does something.
constexpr std::int64_t activity_interval_ms = 30'000;

/// A client that gives so many wrong passwords of server operators is guessing: its connection
/// ends.
constexpr std::uint8_t wrong_passwords_max = 3;

/// The `u` of `n!u@h` has at most so many bytes: USERLEN of IRC.
constexpr std::size_t shown_user_bytes_max = 10;

/// The `u` of somebody whose protocol has no such name.
std::string shown_user_of(std::string_view name) {
  std::string result;
  for (const char byte : name)
    if (result.size() < shown_user_bytes_max &&
        ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9')))
      result += byte;
  return result.empty() ? "user" : result;
}

}  // namespace

session_state::session_state(self_pointer<session_actor> self, session_start start)
    : self_(self),
      context_(std::move(start.context)),
      connection_(start.connection),
      decoder_(context_->speaks->make_decoder()),
      rooms_(context_->speaks->folds_names()),
      host_(std::make_unique<std::string>(std::move(start.host))) {
  self_->send(context_->directory, arrive_atom::value, id());
}

// -- requests to rooms --------------------------------------------------------

template <class Wish>
bool session_state::ask_of_room(Wish& wish) {
  auto name = wish.room;
  const auto* room = rooms_.find(name);
  auto request = request_to_room(std::move(name), std::move(wish));
  if (room != nullptr)
    self_->send(room->room, request_atom::value, std::move(request));
  else
    self_->send(context_->registry, request_atom::value, std::move(request));
  return false;
}

/// The directory knows the clients that the wish is about.
template <class Wish>
bool session_state::ask_by_way_of_directory(Wish& wish) {
  auto name = wish.room;
  client_request request{handle_of<session_actor>(self_),
                         self_as_author(),
                         request_to_room(std::move(name), std::move(wish)),
                         {}};
  self_->send(context_->directory, request_atom::value, std::move(request));
  return false;
}

// -- what comes from the gateway ----------------------------------------------

void session_state::input(std::vector<char> bytes, batch_bytes bytes_max) {
  busy_ = true;
  batch_bytes_max_ = bytes_max;
  bytes_ = std::move(bytes);
  unparsed_ = std::string_view{bytes_.data(), bytes_.size()};
  if (gives_way_ != giving_way::while_idle)  // Else when all know the new nick.
    proceed();
}

void session_state::resume(batch_bytes bytes_max) {
  const bool was_idle = std::exchange(gives_way_, giving_way::no) == giving_way::while_idle;
  if (!was_idle)
    batch_bytes_max_ = bytes_max;
  telling_ = false;
  for (const auto& room : std::exchange(left_while_telling_, {}))
    self_->send(room, kicked_atom::value, handle_of<session_actor>(self_));
  if (was_idle && !busy_)
    return give_way_if_idle();  // Nothing has come meanwhile.
  if (listed_to_)
    ask_for_rooms(*std::exchange(listed_to_, nullptr));
  else
    proceed();
}

void session_state::finish(std::string bytes, std::string reason) {
  replies_ += bytes;
  depart(std::move(reason), receipt_for(std::exchange(replies_, {}), next_step::hang_up));
  self_->quit();
}

/// While a join is under way, it is not known which rooms the client is in: the room that it leaves
/// may have ended, and what is sent there on its way to others would be lost.
void session_state::gone(std::string reason) {
  if (joining_) {
    ending_ = std::make_unique<ending>(ending{std::move(reason), true});
    return;
  }
  depart(std::move(reason), receipt{});
  self_->quit();
}

bool session_state::end_if_told_to() {
  const auto why = std::exchange(ending_, nullptr);
  if (why && why->connection_is_gone)
    gone(std::move(why->words));
  else if (why)
    be_killed(why->words);
  return why != nullptr;
}

// -- carrying out commands ----------------------------------------------------

/// Carries out commands until one has to be waited for or the input is used up.
void session_state::proceed() {
  if (other_nick_ && standing_.logged_in())
    return take_other_nick(giving_way::before_next_request);
  for (;;) {
    auto request = next_command();
    if (!request)
      return hand_over_input();
    if (collect(*request)) {
      if (!batch_is_full() && replies_.size() <= replies_bytes_max)
        continue;
      return hand_over_replies();
    }
    if (!texts_.empty()) {
      deferred_command_ = std::make_unique<command>(*std::move(request));
      return publish(next_step::continue_requests);
    }
    if (unsettled_ && !std::holds_alternative<say>(*request))
      return settle_then(*std::move(request));
    const bool alone = wants_own_receipt();
    // Where clients hear of what they do themselves, that comes behind the replies before it.
    if (decoder_->asks() != nullptr)
      send_earlier_replies();
    if (!perform(*request))
      return;
    if (alone)
      return send_replies(step_after_last_command());
  }
}

std::optional<command> session_state::next_command() {
  if (const auto deferred = std::exchange(deferred_command_, nullptr))
    return std::move(*deferred);
  return decoder_->next(unparsed_, standing_);
}

/// Everything that came is dealt with: let the gateway read more.
void session_state::hand_over_input() {
  bytes_ = std::vector<char>{};  // `= {}` would keep the memory.
  unparsed_ = {};
  busy_ = false;
  if (texts_.empty())
    // Not by `send_replies`: what was asked last has been answered.
    self_->send(context_->gateway, reply_atom::value,
                receipt_for(std::exchange(replies_, {}), next_step::read_input));
  else
    publish(next_step::read_input);
}

/// Enough has piled up: the rest of the input waits until it has taken effect.
void session_state::hand_over_replies() {
  if (step_after_last_command() == next_step::read_input)
    return hand_over_input();
  if (texts_.empty())
    send_replies(next_step::continue_requests);
  else
    publish(next_step::continue_requests);
}

/// Texts, mistakes and what the dialect answers by itself pile up to travel as one. Returns false
/// for every other command, and for texts that cannot travel with those that wait.
bool session_state::collect(command& request) {
  if (wants_own_receipt())
    return false;
  if (auto* mistake = std::get_if<reject>(&request))
    return perform(*mistake);
  if (auto* bytes = std::get_if<respond>(&request))
    return perform(*bytes);
  auto* text = std::get_if<say>(&request);
  if (text == nullptr || !texts_.takes(*text))
    return false;
  const auto* room = rooms_.find(text->room);
  if (room == nullptr)
    return false;
  const auto frame_bytes =
      frame_around_text_bytes + room->name->size() + standing_.who->name.size();
  add_text(std::move(*text), frame_bytes);
  return true;
}

void session_state::add_text(say text, std::size_t frame_bytes) {
  // Whoever may hear its own text hears what came before it first.
  if (decoder_->asks() != nullptr && texts_.empty())
    send_earlier_replies();
  texts_.add(std::move(text), frame_bytes, decoder_->asks());
  const auto begin = replies_.size();
  reply(told{});
  texts_.note_reply(begin, replies_.size());
}

/// The first text in a room goes alone: how many readers it has is not known yet.
bool session_state::batch_is_full() {
  if (texts_.empty())
    return false;
  const auto* room = rooms_.find(texts_.room());
  return !room->readers_counted || texts_.bytes() >= batch_bytes_max_;
}

/// Hands the texts to their room, which the client was in when they were collected just now.
void session_state::publish(next_step next) {
  note_activity();
  auto reply = receipt_for(std::exchange(replies_, {}), next);
  reply.texts = texts_.size();
  note_texts(reply);
  auto* room = rooms_.find(texts_.room());
  room->readers_counted = true;
  self_->send(room->room, say_atom::value, handle_of<session_actor>(self_),
              texts_.take(*room->name, self_as_author()), std::move(reply));
}

/// The texts are on their way with this receipt. If the archive cannot keep them, its gateway says
/// so at once: the session has gone on by then.
void session_state::note_texts(receipt& reply) {
  if (!context_->archive)
    return;
  unsettled_ = true;
  reply.if_unkept = with_refusals(reply.bytes, refusal::not_kept);
}

/// The replies, but what stands for the texts among them is the refusal of each.
std::string session_state::with_refusals(std::string_view replies, refusal why) {
  auto result = std::exchange(replies_, {});  // Empty; `reply` appends to it.
  std::size_t taken = 0;
  for (const auto& each : texts_.replies()) {
    replies_ += replies.substr(taken, each.begin - taken);
    reply(refused{why, texts_.room()}, texts_.asked().get());
    taken = each.end;
  }
  replies_ += replies.substr(taken);
  std::swap(result, replies_);
  return result;
}

/// All but texts waits until the texts before it were kept: what the client hears keeps its order.
void session_state::settle_then(command request) {
  unsettled_ = false;
  deferred_command_ = std::make_unique<command>(std::move(request));
  auto reply = receipt_for(std::exchange(replies_, {}), next_step::continue_requests);
  reply.settles = true;
  self_->send(context_->gateway, reply_atom::value, std::move(reply));
}

void session_state::refuse_texts(refusal why, receipt unused) {
  unused.bytes = with_refusals(unused.bytes, why);
  unused.texts = 0;
  unused.if_unkept.clear();
  self_->send(context_->gateway, reply_atom::value, std::move(unused));
}

/// Returns false if the next command has to wait.
bool session_state::perform(command& request) {
  return std::visit([this](auto& which) { return perform(which); }, request);
}

// -- who the client is --------------------------------------------------------

bool session_state::perform(log_in& request) {
  if (request.user.size() > context_->name_bytes_max) {
    refuse_name(std::move(request.user));
    return true;
  }
  const auto stem = context_->speaks->nick_stem(request.user);
  identity wanted;
  wanted.name = request.user;
  wanted.dialect = context_->speaks->name();
  wanted.nick = stem.value_or(request.user);
  wanted.user = request.shown_user.empty() ? shown_user_of(request.user) : request.shown_user;
  wanted.host = *host_;
  wanted.real_name = request.real_name;
  if (stem && wanted.real_name.empty())
    wanted.real_name = stem->substr(0, stem->find('/')) + " (" + std::string{wanted.dialect} + ")";
  logging_in_ = std::make_unique<log_in>(std::move(request));
  claim(std::move(wanted), stem.has_value());
  return false;
}

bool session_state::perform(rename& request) {
  if (request.nick.size() > context_->name_bytes_max) {
    refuse_name(std::move(request.nick));
    return true;
  }
  auto wanted = *standing_.who;
  wanted.name = request.nick;
  wanted.nick = std::move(request.nick);
  claim(std::move(wanted), false);
  return false;
}

void session_state::claim(identity wanted, bool numbered) {
  self_->send(
      context_->directory, claim_atom::value,
      nick_claim{handle_of<session_actor>(self_), context_->gateway,
                 author{std::make_shared<const identity>(std::move(wanted)), id()}, numbered});
}

void session_state::be_named(identity_ptr who, const census& counts) {
  self_->send(context_->gateway, login_atom::value, connection_, who);
  if (const auto login = std::exchange(logging_in_, nullptr)) {
    reply(welcomed{who, counts});
    standing_.who = std::move(who);
    standing_.permitted = login->wanted;
    host_ = nullptr;
    return proceed();
  }
  if (!same_name(standing_.who->nick, who->nick))
    other_nick_ = nullptr;  // It was to give way with the nick that it had.
  auto before = std::exchange(standing_.who, std::move(who));
  tell_rooms(renamed{std::move(before)});
}

void session_state::give_way(std::string nick) {
  // Several nodes may say the same.
  if (!standing_.logged_in() || standing_.who->nick != nick)
    other_nick_ = std::make_unique<std::string>(std::move(nick));
  give_way_if_idle();
}

/// Whoever is idle gets the other nick at once; all others before they go on (`proceed`). Input
/// that comes meanwhile waits.
void session_state::give_way_if_idle() {
  const bool is_idle = !busy_ && !joining_ && !logging_in_ && gives_way_ == giving_way::no;
  if (other_nick_ && is_idle && standing_.logged_in())
    take_other_nick(giving_way::while_idle);
}

void session_state::take_other_nick(giving_way how) {
  gives_way_ = how;
  auto wanted = *standing_.who;
  const bool is_named_by_it = wanted.name == wanted.nick;
  wanted.nick = *std::exchange(other_nick_, nullptr);
  if (is_named_by_it)
    wanted.name = wanted.nick;
  claim(std::move(wanted), true);  // If that is taken, too, with a number.
}

bool session_state::perform(set_away& request) {
  reply(away_noted{!request.text.empty()});
  if (request.text == standing_.who->away)
    return true;
  auto changed = std::make_shared<identity>(*standing_.who);
  changed->away = std::move(request.text);
  change_identity(std::move(changed), away_set{});
  return false;
}

bool session_state::perform(set_real_name& request) {
  if (request.real_name == standing_.who->real_name) {
    tell_itself(real_name_set{});
    return true;
  }
  auto changed = std::make_shared<identity>(*standing_.who);
  changed->real_name = std::move(request.real_name);
  change_identity(std::move(changed), real_name_set{});
  return false;
}

bool session_state::perform(set_user_modes& request) {
  auto changed = std::make_shared<identity>(*standing_.who);
  const auto flag_of = [&changed](char letter) -> bool* {
    switch (letter) {
      case 'B':
        return &changed->bot;
      case 'i':
        return &changed->invisible;
      case 'w':
        return &changed->hears_wallops;
      case 'o':
        return &changed->server_operator;
      default:
        return nullptr;
    }
  };
  user_modes_noted noted;
  for (auto& each : request.changes) {
    auto* flag = flag_of(each.letter);
    if (flag == nullptr || *flag == each.add || (each.letter == 'o' && each.add))
      continue;
    *flag = each.add;
    noted.changes.push_back(std::move(each));
  }
  if (noted.changes.empty())
    return true;
  reply(noted);
  change_identity(std::move(changed), std::nullopt);
  return false;
}

bool session_state::perform(become_operator& request) {
  if (!context_->authenticator) {
    reply(refused{refusal::wrong_password, std::move(request.name)});
    return true;
  }
  self_->send(context_->authenticator, check_atom::value, handle_of<session_actor>(self_),
              std::move(request.name), std::move(request.password));
  return false;
}

void session_state::be_checked(password_check result) {
  if (result != password_check::right)
    return refuse_password(result);
  auto changed = std::make_shared<identity>(*standing_.who);
  changed->server_operator = true;
  reply(made_operator{});
  change_identity(std::move(changed), std::nullopt);
}

/// What was not compared is refused in the same words, but it was no guess.
void session_state::refuse_password(password_check result) {
  reply(refused{refusal::wrong_password, {}});
  if (result == password_check::not_compared) {
    self_->send(context_->gateway, limit_atom::value, connection_, limit::waiting_passwords);
    return send_replies(step_after_last_command());
  }
  self_->send(context_->gateway, limit_atom::value, connection_, limit::wrong_passwords);
  if (++wrong_passwords_ < wrong_passwords_max)
    return send_replies(step_after_last_command());
  send_replies(next_step::nothing);
  self_->send(context_->gateway, offence_atom::value, connection_,
              "it guesses passwords of server operators");
  be_killed("Too many wrong passwords");
}

/// All rooms and the directory hear of it; then the replies take effect.
void session_state::change_identity(identity_ptr changed, std::optional<event> happening) {
  standing_.who = std::move(changed);
  self_->send(context_->gateway, login_atom::value, connection_, standing_.who);
  tell_rooms(std::move(happening));
}

/// The session hears when all rooms and the directory know. Till then none of its rooms may end.
void session_state::tell_rooms(std::optional<event> happening) {
  // That it gives way is no answer to what it has asked for, so it has no label.
  auto reply = gives_way_ == giving_way::no
                   ? receipt_of_request()
                   : receipt_for(std::exchange(replies_, {}), next_step::nothing);
  telling_ = true;
  if (gives_way_ != giving_way::while_idle) {  // Else the directory says when all know.
    reply.next = next_step::continue_requests;
    busy_ = true;
  }
  send_fan_out(std::move(happening), false, rooms_.all(), std::move(reply));
}

/// What changes nothing is no news for others: the client is answered as if it had changed.
void session_state::tell_itself(event happening) {
  const auto* asked = decoder_->asks();
  if (asked == nullptr)
    return;
  event_batch news{{}, self_as_author(), {}, audience_kind::client};
  news.events.push_back(std::move(happening));
  news.at.first_ms = news.at.last_ms = context_->now_ms();
  context_->speaks->encode_events(news, asked->reader, replies_);
}

/// From room to room, and at last to the directory.
void session_state::send_fan_out(std::optional<event> happening, bool leaves,
                                 std::vector<room_actor> rooms, receipt reply) {
  fan_out news;
  news.session = handle_of<session_actor>(self_);
  news.who = self_as_author();
  news.happening = std::move(happening);
  news.leaves = leaves;
  news.tells = rooms.size() <= 1;
  news.rooms = std::move(rooms);
  news.reply = std::move(reply);
  pass_on(self_, context_->directory, std::move(news));
}

void session_state::depart(std::string reason, receipt reply) {
  if (!standing_.logged_in()) {
    self_->send(context_->directory, gone_atom::value, id());
    if (reply.gateway)
      self_->send(context_->gateway, reply_atom::value, std::move(reply));
    return;
  }
  send_fan_out(left{true, std::move(reason)}, true, rooms_.take_all(), std::move(reply));
}

void session_state::be_killed(const std::string& words) {
  if (joining_) {
    if (!ending_)
      ending_ = std::make_unique<ending>(ending{words, false});
    return;
  }
  if (decoder_->asks() != nullptr)  // Others have no words for what they did not ask for.
    reply(goodbye{words, standing_.who});
  finish({}, words);
}

// -- rooms --------------------------------------------------------------------

bool session_state::perform(join_room& request) {
  if (request.room.size() > context_->name_bytes_max) {
    refuse_name(std::move(request.room));
    return true;
  }
  if (request.stays_in_others && rooms_.find(request.room) != nullptr)
    return true;
  if (request.stays_in_others && rooms_.size() >= context_->rooms_max) {
    self_->send(context_->gateway, limit_atom::value, connection_, limit::rooms_per_client);
    reply(refused{refusal::in_too_many_rooms, std::move(request.room)});
    return true;
  }
  send_earlier_replies();
  joining_ = std::make_unique<join_room>(std::move(request));
  reply(entered{joining_->room});
  join_request wish{joining_->room,
                    joining_->mode,
                    joining_->stays_in_others ? std::string{} : rooms_.last_name(),
                    context_->speaks->folds_names(),
                    context_->speaks->protects_topics(),
                    {}};
  wish.member.session = handle_of<session_actor>(self_);
  wish.member.who = self_as_author();
  wish.member.listens = standing_.permitted.listens;
  wish.member.announces_members = context_->speaks->announces_members();
  wish.member.key = joining_->key;
  wish.member.wants_view = decoder_->asks() != nullptr;
  wish.member.reply = receipt_of_request();
  self_->send(context_->registry, join_atom::value, std::move(wish));
  return false;
}

void session_state::enter(joined_room to) {
  const auto request = std::exchange(joining_, nullptr);
  if (!request->stays_in_others)
    rooms_.take_all();
  standing_.room = *to.name;
  rooms_.add(std::move(to.name), std::move(to.room));
  if (!end_if_told_to())
    give_way_if_idle();
}

void session_state::be_kicked(const caf::actor_addr& room) {
  auto left_room = rooms_.take(room);
  if (!left_room)
    return;  // It has left by itself meanwhile.
  if (telling_)
    left_while_telling_.push_back(std::move(left_room));
  else
    self_->send(left_room, kicked_atom::value, handle_of<session_actor>(self_));
  standing_.room = rooms_.last_name();
  if (busy_ || joining_ || logging_in_)
    return;
  // A protocol may have nothing to go on with outside of its room.
  std::string_view nothing;
  if (auto request = decoder_->next(nothing, standing_)) {
    if (auto* end = std::get_if<hang_up>(&*request))
      perform(*end);
    else
      deferred_command_ = std::make_unique<command>(*std::move(request));
  }
}

void session_state::refuse(refusal why) {
  if (why == refusal::too_many_rooms)
    self_->send(context_->gateway, limit_atom::value, connection_, limit::rooms);
  if (const auto join = std::exchange(joining_, nullptr)) {
    if (end_if_told_to())
      return;
    reply(refused{why, join->room});
  } else {
    const auto login = std::exchange(logging_in_, nullptr);
    reply(refused{why, login ? login->user : std::string{}});
  }
  if (!wants_own_receipt())
    return proceed();
  send_replies(step_after_last_command());
  give_way_if_idle();
}

bool session_state::perform(leave_room& request) {
  auto* room = rooms_.find(request.room);
  if (room == nullptr) {
    if (!request.room.empty())
      return ask_of_room(request);  // Refused: there is no such room, or the client is not in it.
    reply(refused{refusal::not_in_room, {}});
    return true;
  }
  const auto name = *room->name;
  reply(departed{name});
  self_->send(rooms_.take(name), leave_atom::value, handle_of<session_actor>(self_),
              std::move(request.reason), receipt_of_request());
  standing_.room = rooms_.last_name();
  return false;
}

/// A text that does not travel with others: it may be CTCP, it is said to a room that the client is
/// not in, or its answer has a label.
bool session_state::perform(say& request) {
  if (request.room.empty() && rooms_.empty()) {
    reply(refused{refusal::not_in_room, {}});
    return true;
  }
  const auto* room = rooms_.find(request.room);
  const bool inside = room != nullptr;
  auto name = inside ? *room->name : request.room;
  add_text(std::move(request), frame_around_text_bytes);
  auto receipt = receipt_of_request();
  receipt.texts = 1;
  note_texts(receipt);
  auto batch = texts_.take(std::move(name), self_as_author());
  note_activity();
  if (inside)
    self_->send(room->room, say_atom::value, handle_of<session_actor>(self_), std::move(batch),
                std::move(receipt));
  else
    self_->send(context_->registry, say_atom::value, handle_of<session_actor>(self_),
                std::move(batch), std::move(receipt));
  return false;
}

bool session_state::perform(tell& request) {
  event_batch batch;
  batch.who = self_as_author();
  batch.to = audience_kind::client;
  batch.to_nick = std::move(request.nick);
  batch.events.emplace_back(said{std::move(request.text), request.kind, std::move(request.tags)});
  auto receipt = receipt_of_request();
  receipt.texts = 1;
  self_->send(context_->directory, say_atom::value, handle_of<session_actor>(self_),
              std::move(batch), std::move(receipt));
  return false;
}

room_request session_state::request_to_room(std::string name, room_wish what) {
  room_request result{handle_of<session_actor>(self_),
                      self_as_author(),
                      std::move(name),
                      context_->speaks->folds_names(),
                      std::move(what),
                      {},
                      {},
                      {},
                      {}};
  result.reply = receipt_of_request();
  return result;
}

/// Whom the changes are about, the directory knows.
bool session_state::perform(change_modes& request) {
  const bool names_members =
      std::any_of(request.changes.begin(), request.changes.end(),
                  [](const mode_change& each) { return is_change_of_part(each); });
  return names_members ? ask_by_way_of_directory(request) : ask_of_room(request);
}

bool session_state::ask_of_directory(client_wish what) {
  self_->send(context_->directory, request_atom::value,
              client_request{handle_of<session_actor>(self_), self_as_author(), std::move(what),
                             receipt_of_request()});
  return false;
}

bool session_state::perform(list_rooms&) {
  ask_for_rooms({});
  return false;
}

void session_state::ask_for_rooms(std::string behind) {
  self_->send(context_->registry, list_atom::value, handle_of<session_actor>(self_),
              std::move(behind));
}

/// A few bytes of input may ask for many names: each page leaves before the next one is asked for.
void session_state::listed(room_page page) {
  if (!page.last && !page.rooms.empty())
    listed_to_ = std::make_unique<std::string>(page.rooms.back().name);
  std::erase_if(page.rooms, [this](const room_summary& each) {
    return each.secret && !rooms_.contains(each.name) && !standing_.who->server_operator;
  });
  reply(listing{std::move(page.rooms), page.first, page.last});
  if (listed_to_ || replies_.size() > replies_bytes_max)
    send_replies(next_step::continue_requests);
  else if (wants_own_receipt())
    send_replies(step_after_last_command());
  else
    proceed();
}

// -- what was said before -----------------------------------------------------

bool session_state::perform(ask_targets& request) {
  auto reply = receipt_of_request();
  if (!context_->archive) {
    reply.answer = refusal_of(refusal::no_history, {});
    self_->send(context_->gateway, reply_atom::value, std::move(reply));
    return false;
  }
  self_->send(context_->archive, recall_atom::value,
              history_request{{}, targets_wish{rooms_.names(), request}, std::move(reply)});
  return false;
}

// -- what concerns the connection only ----------------------------------------

bool session_state::perform(read_as& request) {
  self_->send(context_->gateway, reader_atom::value, connection_, request.reader);
  return true;
}

bool session_state::perform(respond& request) {
  replies_ += request.bytes;
  return true;
}

bool session_state::perform(quit& request) {
  reply(goodbye{request.reason, standing_.who});
  finish({}, std::move(request.reason));
  return false;
}

bool session_state::perform(reject& mistake) {
  reply(rejected{std::move(mistake.why)});
  return true;
}

bool session_state::perform(hang_up& offence) {
  self_->send(context_->gateway, offence_atom::value, connection_, std::move(offence.why));
  finish(std::move(offence.bytes), "Connection closed");
  return false;
}

void session_state::refuse_name(std::string name) {
  self_->send(context_->gateway, limit_atom::value, connection_, limit::name_bytes);
  reply(refused{refusal::name_too_long, std::move(name)});
}

void session_state::note_activity() {
  const auto now_ms = context_->now_ms();
  if (now_ms - active_ms_ < activity_interval_ms)
    return;
  active_ms_ = now_ms;
  self_->send(context_->directory, tick_atom::value, id());
}

// -- replies ------------------------------------------------------------------

void session_state::reply(const outcome& result, const asking* asked) {
  if (asked != nullptr)
    context_->speaks->encode_answer(result, *asked, replies_);
  else
    context_->speaks->encode_reply(result, standing_, replies_);
}

/// Whether the answer to the command last decoded has to stand apart, so that it can be marked.
bool session_state::wants_own_receipt() const {
  const auto* asked = decoder_->asks();
  return asked != nullptr && asked->wants_marks();
}

void session_state::send_replies(next_step next) {
  auto reply = receipt_for(std::exchange(replies_, {}), next);
  if (wants_own_receipt())
    reply.asked = std::make_shared<const asking>(*decoder_->asks());
  self_->send(context_->gateway, reply_atom::value, std::move(reply));
}

/// What was answered before goes out; the session does not wait for that.
void session_state::send_earlier_replies() {
  if (!replies_.empty())
    self_->send(context_->gateway, reply_atom::value,
                receipt_for(std::exchange(replies_, {}), next_step::nothing));
}

receipt session_state::receipt_for(std::string bytes, next_step next) const {
  return receipt{context_->gateway, connection_, std::move(bytes), 0, next};
}

/// The receipt of a request that others answer.
receipt session_state::receipt_of_request() {
  auto result = receipt_for(std::exchange(replies_, {}), step_after_last_command());
  if (const auto* asked = decoder_->asks())
    result.asked = std::make_shared<const asking>(*asked);
  return result;
}

/// With the input used up there is nothing to come back for: the gateway may read on at once.
next_step session_state::step_after_last_command() {
  busy_ = !unparsed_.empty() || decoder_->has_queued() || deferred_command_;
  return busy_ ? next_step::continue_requests : next_step::read_input;
}

}  // namespace confab
