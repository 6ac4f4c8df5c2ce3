#include "actors/publishing.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <caf/all.hpp>

namespace confab {

namespace {

/// What `self->send` does, for an actor of any type: checks the message against the receiver's
/// interface.
template <class Handle, class... Parts>
void send_as(caf::local_actor* self, const Handle& receiver, Parts... parts) {
  static_assert(caf::response_type_unbox<caf::signatures_of_t<Handle>,
                                         caf::detail::type_list<Parts...>>::valid,
                "the receiver does not take this message");
  caf::unsafe_send_as(self, receiver, std::move(parts)...);
}

}  // namespace

void send_receipt(caf::local_actor* self, receipt reply) {
  if (const auto gateway = reply.gateway)
    send_as(self, gateway, reply_atom{}, std::move(reply));
}

publication::publication(caf::local_actor* self, gateway_id home, receipt reply)
    : self_(self), home_(home), reply_(std::move(reply)) {}

void publication::tell(const event_batch_ptr& batch, gateway_id id, const gateway_actor& gateway,
                       audience_ptr readers) {
  if (!readers || readers->empty())
    return;
  if (id == home_) {
    if (home_batch_)
      send_as(self_, home_gateway_, publish_atom{}, std::exchange(home_batch_, batch),
              std::exchange(home_readers_, std::move(readers)), receipt{}, std::size_t{0});
    else
      home_readers_ = std::move(readers);
    home_batch_ = batch;
    home_gateway_ = gateway;
    return;
  }
  send_as(self_, gateway, publish_atom{}, batch, std::move(readers), acknowledgement());
  ++elsewhere_;
}

void publication::keep(const event_batch_ptr& batch, const archive_actor& archive,
                       std::size_t readers) {
  send_as(self_, archive, keep_atom{}, batch, acknowledgement(), readers);
  ++reply_.keeps;
}

/// Says whom to tell. Without the bytes: the gateway of who asked has them.
receipt publication::acknowledgement() const {
  receipt result;
  result.gateway = reply_.gateway;
  result.connection = reply_.connection;
  result.next = next_step::nothing;
  return result;
}

void publication::tell_author(const event_batch_ptr& batch) {
  auto readers = std::make_shared<audience>();
  if (home_batch_ == batch) {
    *readers = *home_readers_;
    home_batch_ = nullptr;
  }
  readers->push_back(reply_.connection);
  tell(batch, home_, gateway_actor{reply_.gateway}, std::move(readers));
}

void publication::finish() {
  const auto expected = reply_.gateway ? elsewhere_ : 0;
  if (home_batch_)
    send_as(self_, home_gateway_, publish_atom{}, std::move(home_batch_), std::move(home_readers_),
            std::move(reply_), expected);
  else if (const auto gateway = reply_.gateway; gateway && expected > 0)
    send_as(self_, gateway, publish_atom{}, event_batch_ptr{}, audience_ptr{}, std::move(reply_),
            expected);
  else
    send_receipt(self_, std::move(reply_));
}

void audiences::add(const client_id& reader, const gateway_actor& gateway) {
  auto found = std::find_if(groups_.begin(), groups_.end(),
                            [&](const group& each) { return each.id == reader.gateway; });
  if (found == groups_.end())
    found = groups_.insert(found, {reader.gateway, gateway, {}});
  found->readers.push_back(reader.connection);
}

void audiences::tell(publication& news, const event_batch_ptr& batch, told_readers* told) && {
  for (auto& each : groups_) {
    audience_ptr readers = std::make_shared<const audience>(std::move(each.readers));
    if (told != nullptr)
      readers = told->take_untold(each.id, readers);
    news.tell(batch, each.id, each.gateway, std::move(readers));
  }
}

}  // namespace confab
