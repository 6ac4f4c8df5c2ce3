// What the whole server may use up: docs/limits.md.

#include "actors/quota.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/fake_gateway.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

constexpr quota_limits limits_of_100_bytes{
    .connections_max = 10, .connections_per_address_max = 10, .backlog_bytes_max = 100};

/// A quota and two gateways that write down what it tells them.
class world {
 public:
  world() {
    quota_ = system().spawn(quota<quota_actor::stateful_pointer<std::optional<quota_state>>>,
                            limits_of_100_bytes);
    for (auto& gateway : gateways_)
      gateway = system().spawn(fake_gateway, &sessions_, log_);
  }

  ~world() {
    for (const auto& gateway : gateways_)
      caf::anon_send_exit(gateway, caf::exit_reason::kill);
    caf::anon_send(quota_, close_atom::value);
    deterministic_.run();
  }

  /// A gateway reports its backlog; returns what the gateways have been told since the last call.
  std::vector<std::string> report(gateway_id id, std::size_t bytes, std::size_t largest,
                                  bool after_relief = false) {
    caf::anon_send(quota_, backlog_atom::value,
                   backlog_report{gateways_[id], id, bytes, largest, after_relief});
    deterministic_.run();
    std::vector<std::string> told;
    for (const auto& entry : *log_)
      told.push_back(entry.what);
    log_->clear();
    return told;
  }

 private:
  caf::actor_system& system() { return deterministic_.system(); }

  deterministic_system deterministic_;
  std::vector<std::pair<connection_key, session_actor>> sessions_;
  wire_log log_ = std::make_shared<std::vector<wire_entry>>();
  quota_actor quota_;
  gateway_actor gateways_[2];
};

using orders = std::vector<std::string>;

}  // namespace

TEST_CASE("within the backlog of all nobody is cut") {
  world all;
  CHECK(all.report(0, 60, 60).empty());
  CHECK(all.report(1, 40, 40).empty());
}

TEST_CASE("beyond it the gateway with the largest backlog of one connection has to give") {
  world all;
  all.report(0, 60, 20);
  CHECK(all.report(1, 70, 70) == orders{"relieve unless at most 40"});
}

TEST_CASE("one cut at a time: the next one waits for what the first has brought") {
  world all;
  all.report(0, 60, 60);
  CHECK(all.report(1, 70, 10) == orders{"relieve unless at most 30"});
  CHECK(all.report(1, 80, 10).empty());
  CHECK(all.report(0, 60, 60).empty());  // On its way before the cut.
  CHECK(all.report(0, 30, 30, true) == orders{"relieve unless at most 20"});
  CHECK(all.report(0, 10, 10, true).empty());
}
