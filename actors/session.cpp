#include "actors/session.hpp"

#include <utility>

#include <caf/all.hpp>

namespace confab {

namespace {

/// With more than this, replies go out before the next request is looked at.
constexpr std::size_t replies_bytes_max = 64 * 1024;

/// What a dialect puts around a text for its readers, without the names of room and author, or
/// fills it up to, is no more than this.
constexpr batch_bytes frame_around_text_bytes = 200;

}  // namespace

session_state::session_state(self_pointer<session_actor> self, session_context context)
    : self_(self), context_(std::move(context)), decoder_(context_.speaks->make_decoder()) {}

void session_state::input(std::vector<char> bytes, batch_bytes bytes_max) {
  batch_bytes_max_ = bytes_max;
  bytes_ = std::move(bytes);
  unparsed_ = std::string_view{bytes_.data(), bytes_.size()};
  proceed();
}

void session_state::resume(batch_bytes bytes_max) {
  batch_bytes_max_ = bytes_max;
  if (listed_to_)
    ask_for_rooms(*std::exchange(listed_to_, nullptr));
  else
    proceed();
}

void session_state::enter(joined_room to) {
  room_ = std::move(to.room);
  standing_.room = std::move(joining_);
  joining_.clear();
  readers_counted_ = false;
}

void session_state::refuse(refusal why) {
  if (why == refusal::too_many_rooms)
    self_->send(context_.gateway, limit_atom::value, context_.connection, limit::rooms);
  reply(refused{why, std::exchange(joining_, {})});
  proceed();
}

/// A few bytes of input may ask for many names: each page leaves before the next one is asked for.
void session_state::listed(room_page page) {
  if (!page.last && !page.names.empty())
    listed_to_ = std::make_unique<std::string>(page.names.back());
  reply(listing{std::move(page.names)});
  if (listed_to_ || replies_.size() > replies_bytes_max)
    send_replies(next_step::continue_requests);
  else
    proceed();
}

void session_state::finish(std::string bytes) {
  leave_silently();
  replies_ += bytes;
  send_replies(next_step::hang_up);
  self_->quit();
}

void session_state::gone() {
  leave_silently();
  self_->quit();
}

/// Carries out commands until one has to be waited for or the input is used up.
void session_state::proceed() {
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
    if (!perform(*request))
      return;
  }
}

std::optional<command> session_state::next_command() {
  if (const auto deferred = std::exchange(deferred_command_, nullptr))
    return std::move(*deferred);
  return decoder_->next(unparsed_, standing_);
}

/// Everything that came is dealt with: let the gateway read more.
void session_state::hand_over_input() {
  bytes_ = {};
  unparsed_ = {};
  if (texts_.empty())
    send_replies(next_step::read_input);
  else
    publish(next_step::read_input);
}

/// Enough has piled up: the rest of the input waits until it has taken effect.
void session_state::hand_over_replies() {
  if (unparsed_.empty())
    return hand_over_input();
  if (texts_.empty())
    send_replies(next_step::continue_requests);
  else
    publish(next_step::continue_requests);
}

/// Texts and mistakes pile up to travel as one. Returns false for every other command.
bool session_state::collect(command& request) {
  if (auto* mistake = std::get_if<reject>(&request)) {
    reply(rejected{std::move(mistake->why)});
    return true;
  }
  auto* text = std::get_if<say>(&request);
  if (text == nullptr || !room_)
    return false;
  batch_bytes_ +=
      text->text.size() + frame_around_text_bytes + standing_.room.size() + standing_.user.size();
  texts_.emplace_back(said{std::move(text->text)});
  reply(told{});
  return true;
}

bool session_state::batch_is_full() const {
  return batch_bytes_ >= (readers_counted_ ? batch_bytes_max_ : 1);
}

void session_state::publish(next_step next) {
  auto reply = receipt_for(std::exchange(replies_, {}), next);
  reply.texts = texts_.size();
  batch_bytes_ = 0;
  readers_counted_ = true;
  auto batch = std::make_shared<const event_batch>(
      event_batch{standing_.room, self_as_author(), std::exchange(texts_, {})});
  self_->send(room_, say_atom::value, event_batch_ptr{std::move(batch)}, std::move(reply));
}

/// Returns false if the next command has to wait.
bool session_state::perform(command& request) {
  return std::visit([this](auto& which) { return perform(which); }, request);
}

bool session_state::perform(log_in& request) {
  if (request.user.size() > context_.name_bytes_max) {
    refuse_name(std::move(request.user));
    return true;
  }
  reply(welcomed{request.user});
  standing_.user = std::move(request.user);
  standing_.permitted = request.wanted;
  standing_.logged_in = true;
  self_->send(context_.gateway, login_atom::value, context_.connection, standing_.user);
  return true;
}

bool session_state::perform(join_room& request) {
  if (request.room.size() > context_.name_bytes_max) {
    refuse_name(std::move(request.room));
    return true;
  }
  if (!replies_.empty())
    send_replies(next_step::nothing);
  joining_ = std::move(request.room);
  reply(entered{joining_});
  entry member{handle_of<session_actor>(self_), self_as_author(), standing_.permitted.listens,
               context_.speaks->announces_members(),
               receipt_for(std::exchange(replies_, {}), step_after_last_command())};
  self_->send(context_.registry, join_atom::value,
              join_request{joining_, request.mode, standing_.room, std::move(member)});
  return false;
}

bool session_state::perform(leave_room&) {
  if (!room_) {
    reply(refused{refusal::not_in_room, {}});
    return true;
  }
  reply(departed{standing_.room});
  self_->send(std::exchange(room_, nullptr), leave_atom::value, handle_of<session_actor>(self_),
              receipt_for(std::exchange(replies_, {}), step_after_last_command()));
  standing_.room.clear();
  return false;
}

bool session_state::perform(say&) {
  reply(refused{refusal::not_in_room, {}});
  return true;
}

bool session_state::perform(list_rooms&) {
  ask_for_rooms({});
  return false;
}

bool session_state::perform(quit&) {
  std::string bytes;
  context_.speaks->encode_reply(goodbye{}, standing_, bytes);
  finish(std::move(bytes));
  return false;
}

bool session_state::perform(reject& mistake) {
  reply(rejected{std::move(mistake.why)});
  return true;
}

bool session_state::perform(hang_up& offence) {
  self_->send(context_.gateway, offence_atom::value, context_.connection, std::move(offence.why));
  finish({});
  return false;
}

void session_state::ask_for_rooms(std::string behind) {
  self_->send(context_.registry, list_atom::value, handle_of<session_actor>(self_),
              std::move(behind));
}

void session_state::refuse_name(std::string name) {
  self_->send(context_.gateway, limit_atom::value, context_.connection, limit::name_bytes);
  reply(refused{refusal::name_too_long, std::move(name)});
}

void session_state::leave_silently() {
  if (room_)
    self_->send(std::exchange(room_, nullptr), leave_atom::value, handle_of<session_actor>(self_),
                receipt{});
}

void session_state::send_replies(next_step next) {
  self_->send(context_.gateway, reply_atom::value, receipt_for(std::exchange(replies_, {}), next));
}

receipt session_state::receipt_for(std::string bytes, next_step next) const {
  return receipt{context_.gateway, context_.connection, std::move(bytes), 0, next};
}

/// With the input used up there is nothing to come back for: the gateway may read on at once.
next_step session_state::step_after_last_command() const {
  return unparsed_.empty() ? next_step::read_input : next_step::continue_requests;
}

author session_state::self_as_author() const {
  return author{standing_.user, std::string{context_.speaks->name()}, context_.gateway_number,
                context_.connection};
}

}  // namespace confab
