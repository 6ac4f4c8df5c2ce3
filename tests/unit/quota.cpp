// What the whole server may use up: docs/limits.md.

#include "actors/quota.hpp"

#include "actors/address_network.hpp"
#include "actors/memory_pool.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/deterministic_system.hpp"
#include "tests/support/fake_gateway.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

using transfers = std::vector<memory_pool::transfer>;

/// A quota and a gateway that writes down what it is told.
class world {
 public:
  world() {
    quota_ = system().spawn(quota<quota_actor::stateful_pointer<std::optional<quota_state>>>,
                            quota_limits{.connections_max = 10,
                                         .connections_per_address_max = 2,
                                         .backlog_bytes_max = 100,
                                         .gateways = 1});
    gateway_ = system().spawn(fake_gateway, &sessions_, log_);
  }

  ~world() {
    caf::anon_send_exit(gateway_, caf::exit_reason::kill);
    caf::anon_send(quota_, close_atom::value);
    deterministic_.run();
  }

  /// What the gateway is told when it asks for credit.
  std::vector<std::string> ask(std::size_t wanted, std::size_t returned) {
    log_->clear();
    caf::anon_send(quota_, credit_atom::value, credit_request{gateway_, 0, wanted, returned});
    deterministic_.run();
    std::vector<std::string> told;
    for (const auto& entry : *log_)
      told.push_back(entry.what);
    return told;
  }

  /// What the gateway is told when a connection from this address arrives.
  std::string arrive(const std::string& address) {
    log_->clear();
    caf::anon_send(quota_, arrive_atom::value, gateway_, connection_key{1}, address);
    deterministic_.run();
    return log_->empty() ? "" : log_->back().what;
  }

  void depart(const std::string& address) {
    caf::anon_send(quota_, depart_atom::value, address);
    deterministic_.run();
  }

 private:
  caf::actor_system& system() { return deterministic_.system(); }

  deterministic_system deterministic_;
  std::vector<std::pair<connection_key, session_actor>> sessions_;
  wire_log log_ = std::make_shared<std::vector<wire_entry>>();
  quota_actor quota_;
  gateway_actor gateway_;
};

}  // namespace

TEST_CASE("a gateway gets the credit that it wants as far as there is any") {
  world all;
  CHECK(all.ask(60, 0) == std::vector<std::string>{"+60"});
  CHECK(all.ask(160, 0) == std::vector<std::string>{"+40"});
  CHECK(all.ask(200, 0).empty());
  CHECK(all.ask(50, 50).empty());
  CHECK(all.ask(100, 0) == std::vector<std::string>{"+50"});
}

TEST_CASE("all credit together is never more than there is, whoever asks for what and gives back") {
  constexpr std::size_t bytes = 1000;
  memory_pool pool{bytes, 3};
  std::map<gateway_id, std::size_t> credit;
  std::uint64_t random = 1;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    const auto gateway = static_cast<gateway_id>((random >> 33U) % 3);
    const auto wanted = static_cast<std::size_t>((random >> 40U) % 1500);
    const auto returned = (random >> 20U) % 2 == 0 ? credit[gateway] / 2 : 0;
    credit[gateway] -= returned;
    for (const auto& each : pool.request(gateway, wanted, returned))
      credit[each.gateway] += each.granted_bytes;
    REQUIRE(credit[0] + credit[1] + credit[2] <= bytes);
  }
}

TEST_CASE("whoever has less than an equal share gets it from whoever has more") {
  memory_pool pool{90, 3};
  CHECK(pool.request(0, 500, 0) == transfers{{0, 90, 0}});
  CHECK(pool.request(1, 20, 0) == transfers{{0, 0, 20}});
  CHECK(pool.request(2, 500, 0) == transfers{{0, 0, 30}});  // The 20 are on their way.
  CHECK(pool.request(0, 500, 20) == transfers{{1, 20, 0}});
  CHECK(pool.request(0, 500, 30) == transfers{{2, 30, 0}});
  CHECK(pool.request(2, 500, 0).empty());  // It has its share.
}

TEST_CASE("an IPv6 network of 64 bits counts as one address, an IPv4 address as itself") {
  CHECK(network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::"));
  CHECK(network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1"));
  CHECK(network_of("fe80::1%eth0") == "fe80::/64");
  CHECK(network_of("192.0.2.1") == "192.0.2.1");
  CHECK(network_of("::ffff:192.0.2.1") != network_of("::ffff:192.0.2.2"));
  CHECK(network_of("") == "");
}

TEST_CASE("the limit per address counts all addresses of an IPv6 network together") {
  world all;
  CHECK(all.arrive("2001:db8::1").empty());
  CHECK(all.arrive("2001:db8::2").empty());
  CHECK(all.arrive("2001:db8::3") == "refused");
  CHECK(all.arrive("2001:db8:0:1::3").empty());
  all.depart("2001:db8::1");
  CHECK(all.arrive("2001:db8::4").empty());
}
