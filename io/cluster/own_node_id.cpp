#include "io/cluster/own_node_id.hpp"

#include <cstdint>
#include <random>
#include <unistd.h>

#include <caf/all.hpp>

namespace confab {

namespace {

/// Something that CAF initializes after its network, which draws the name, and before all actors,
/// which bear it. It takes the place of CAF's own TLS, which is not used.
class drawn_node_id final : public caf::actor_system::module {
 public:
  explicit drawn_node_id(caf::actor_system& system) : system_(system) {}

  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>) {
    return new drawn_node_id{system};  // The system's, from now on.
  }

  // CAF lets nobody but its network set the name. The system itself is not const.
  void init(caf::actor_system_config&) override {
    caf::node_id::default_data::host_id_type host{};
    std::random_device random;
    for (auto& each : host)
      each = static_cast<std::uint8_t>(random());
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    const_cast<caf::node_id&>(system_.node()) =
        caf::make_node_id(static_cast<std::uint32_t>(::getpid()), host);
  }

  void start() override {}
  void stop() override {}
  id_t id() const override { return openssl_manager; }
  void* subtype_ptr() override { return this; }

 private:
  caf::actor_system& system_;
};

}  // namespace

void draw_node_id(caf::actor_system_config& config) {
  config.load<drawn_node_id>();
}

}  // namespace confab
