#pragma once

#include "actors/interfaces.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include <caf/all.hpp>

namespace confab::test {

/// A handler of any message that does nothing.
inline constexpr auto ignore_it = [](const auto&...) {};

/// What a gateway of a test does with each message of `gateway_actor`. What is left out it ignores.
struct gateway_handlers {
  std::function<void(connection_key, refusal)> refuse = ignore_it;
  std::function<void(std::size_t bytes)> credit = ignore_it;
  std::function<void(std::size_t bytes)> shed = ignore_it;
  std::function<void(const receipt&)> reply = ignore_it;
  /// For an author behind this gateway: events, the receipt that is to take effect then, and how
  /// many other gateways it has to wait for.
  std::function<void(const event_batch_ptr&, const audience_ptr&, const receipt&, std::size_t)>
      publish = ignore_it;
  /// For an author behind another gateway.
  std::function<void(const event_batch_ptr&, const audience_ptr&, const receipt&)>
      publish_for_another = ignore_it;
  std::function<void(connection_key)> queued = ignore_it;
  std::function<caf::result<gateway_id>()> drain = [] { return gateway_id{0}; };
  std::function<void()> finish = ignore_it;
  std::function<void()> tick = ignore_it;
};

/// The behavior of such a gateway.
inline gateway_actor::behavior_type gateway_with(gateway_handlers does) {
  return {
      [](arrive_atom, connection_key, const std::string&) {},
      [act = std::move(does.refuse)](refuse_atom, connection_key key, refusal why) {
        act(key, why);
      },
      [act = std::move(does.credit)](credit_atom, std::size_t bytes) { act(bytes); },
      [act = std::move(does.shed)](shed_atom, std::size_t bytes) { act(bytes); },
      [](failed_atom, connection_key) {},
      [](report_atom) { return gateway_report{}; },
      [](login_atom, connection_key, const identity_ptr&) {},
      [](reader_atom, connection_key, reader_class) {},
      [](limit_atom, connection_key, limit) {},
      [](offence_atom, connection_key, const std::string&) {},
      [act = std::move(does.reply)](reply_atom, const receipt& reply) { act(reply); },
      [act = std::move(does.publish)](
          publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
          const receipt& reply, std::size_t elsewhere) { act(batch, readers, reply, elsewhere); },
      [act = std::move(does.publish_for_another)](
          publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
          const receipt& reply) { act(batch, readers, reply); },
      [act = std::move(does.queued)](queued_atom, connection_key key, std::size_t) { act(key); },
      [](kept_atom, connection_key, bool) {},
      [act = std::move(does.drain)](drain_atom) { return act(); },
      [act = std::move(does.finish)](finish_atom) { act(); },
      [act = std::move(does.tick)](tick_atom) { act(); },
      [](flush_atom) {},
  };
}

}  // namespace confab::test
