#pragma once

#include "io/net/file_descriptor.hpp"

#include <chrono>
#include <functional>

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>

/// Time in the network loop, for what is no actor.
namespace confab {

/// Calls a function again and again, in the thread of the network loop, as long as it is on.
class loop_timer final : public caf::io::network::event_handler {
 public:
  /// Does nothing before `start`. If there is no descriptor for it, it never calls.
  loop_timer(caf::io::network::default_multiplexer& loop, std::chrono::milliseconds period,
             std::function<void()> call);

  void start();
  void stop();

  void handle_event(caf::io::network::operation operation) override;
  void removed_from_loop(caf::io::network::operation) override {}
  void graceful_shutdown() override { stop(); }

 private:
  std::chrono::milliseconds period_;
  std::function<void()> call_;
  bool running_ = false;
};

}  // namespace confab
