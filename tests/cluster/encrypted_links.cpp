// Links through TLS, with certificates that are right and some that are wrong.

#include "tests/cluster/contexts.hpp"
#include "tests/cluster/node.hpp"
#include "tests/cluster/slow_path.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <optional>
#include <string>

using namespace confab;
using namespace confab::test;
using namespace std::chrono_literals;

namespace {

/// Two nodes, north dials.
class pair {
 public:
  pair(const mutual_tls_ptr& dialler, const mutual_tls_ptr& acceptor) {
    n.emplace(north, node_plan{.peers = {south.as_peer()}, .context = dialler});
    s.emplace(south, node_plan{.peers = {north.as_peer()}, .context = acceptor});
  }

  void expect_linked() {
    n->expect("south", "linked");
    s->expect("north", "linked");
  }

  void expect_no_link() {
    n->expect_nothing("south", 700ms);
    s->expect_nothing("north", 1ms);
  }

  /// Both nodes still serve whoever is right.
  void expect_alive(const mutual_tls_ptr& dialler, const mutual_tls_ptr& acceptor) {
    if (acceptor) {
      n.reset();
      n.emplace(north, node_plan{.peers = {south.as_peer()}, .context = acceptor});
    } else {
      s.reset();
      s.emplace(south, node_plan{.peers = {north.as_peer()}, .context = dialler});
    }
    expect_linked();
  }

  cluster_address north{"north"};
  cluster_address south{"south"};
  std::optional<node> n;
  std::optional<node> s;
};

}  // namespace

TEST_CASE("nodes with certificates of one authority are linked, encrypted") {
  const cluster_authority authority;
  pair both{authority.loaded(), authority.loaded()};
  both.expect_linked();
  const std::string large(5'000'000, 'x');
  for (const auto& text : {std::string{"hello"}, large, std::string{"again"}}) {
    both.n->say("south", text);
    both.s->say("north", text);
    both.s->expect("north", text);
    both.n->expect("south", text);
  }
  for (auto* finder : {&*both.n, &*both.s}) {
    finder->redial(finder == &*both.n ? "south" : "north");
    both.n->expect("south", "lost");
    both.s->expect("north", "lost");
    both.expect_linked();
  }
}

TEST_CASE("many texts cross an encrypted link in order") {
  const cluster_authority authority;
  pair both{authority.loaded(), authority.loaded()};
  both.expect_linked();
  for (int i = 0; i < 2000; ++i)
    both.n->say("south", std::to_string(i));
  for (int i = 0; i < 2000; ++i)
    both.s->expect("north", std::to_string(i));
}

TEST_CASE("a new certificate is that of connections to come, and those that are open stay") {
  const cluster_authority before;
  const cluster_authority after;
  pair both{before.loaded(), before.loaded()};
  both.expect_linked();
  both.s->renew(after.loaded());
  both.n->say("south", "still here");
  both.s->expect("north", "still here");
  both.n->redial("south");
  both.n->expect("south", "lost");
  both.s->expect("north", "lost");
  both.n->expect_log("the peer's certificate was not signed by the authority of this cluster");
  both.n->renew(after.loaded());
  both.expect_linked();
}

TEST_CASE("a certificate of another authority is refused by both sides") {
  const cluster_authority ours;
  const cluster_authority theirs;
  const auto good = ours.loaded();
  SECTION("the one that is dialled shows it") {
    pair both{good, theirs.loaded()};
    both.n->expect_log("the peer's certificate was not signed by the authority of this cluster");
    both.expect_no_link();
  }
  SECTION("the one that dials shows it") {
    const auto foreign = theirs.sign();
    pair both{ours.context(&foreign), good};
    both.s->expect_log(
        "refused a connection from 127.0.0.1: the peer's certificate was not signed by the "
        "authority of this cluster");
    both.n->expect_log("the peer does not trust our certificate");
    both.expect_no_link();
    both.expect_alive({}, good);
  }
}

TEST_CASE("a certificate that has expired is refused by both sides") {
  const cluster_authority authority;
  const auto good = authority.loaded();
  const auto old = authority.sign({.name = "node", .from_days = -3, .to_days = -1});
  SECTION("the one that is dialled shows it") {
    pair both{good, authority.context(&old)};
    both.n->expect_log("the peer's certificate has expired");
    both.expect_no_link();
    both.expect_alive(good, {});
  }
  SECTION("the one that dials shows it") {
    pair both{authority.context(&old), good};
    both.s->expect_log("the peer's certificate has expired");
    both.n->expect_log("the peer finds our certificate expired");
    both.expect_no_link();
    both.expect_alive({}, good);
  }
}

TEST_CASE("a certificate that is not valid yet is refused") {
  const cluster_authority authority;
  const auto young = authority.sign({.name = "node", .from_days = 1, .to_days = 3});
  pair both{authority.context(&young), authority.loaded()};
  both.s->expect_log("the peer's certificate is not valid yet");
  both.expect_no_link();
}

TEST_CASE("whoever shows no certificate is refused") {
  const cluster_authority authority;
  pair both{authority.context(nullptr), authority.loaded()};
  both.s->expect_log("refused a connection from 127.0.0.1: the peer shows no certificate");
  both.n->expect_log("the peer wants a certificate, and got none");
  both.expect_no_link();
  both.expect_alive({}, authority.loaded());
}

TEST_CASE("a node that encrypts and one that does not are no pair") {
  const cluster_authority authority;
  const auto good = authority.loaded();
  SECTION("the one that dials does not") {
    pair both{nullptr, good};
    both.n->expect_log("it does not answer");
    both.expect_no_link();
    both.expect_alive({}, good);
  }
  SECTION("the one that is dialled does not") {
    pair both{good, nullptr};
    both.n->expect_log("cannot reach south");
    both.expect_no_link();
    both.expect_alive(good, {});
  }
}

TEST_CASE("a link is made over a way that is longer than a heartbeat") {
  const cluster_authority authority;
  const auto context = authority.loaded();
  for (const auto& encrypted : {mutual_tls_ptr{}, context}) {
    cluster_address north{"north"};
    cluster_address south{"south"};
    const slow_path way{south.port(), 120ms};
    node s{south, {.peers = {north.as_peer()}, .context = encrypted}};
    node n{north, {.peers = {{"south", "127.0.0.1", way.port()}}, .context = encrypted}};
    n.expect("south", "linked");
    s.expect("north", "linked");
    CHECK(n.logged("cannot reach") == 0);
    n.say("south", "far");
    s.expect("north", "far");
    n.expect_nothing("south", 2s);
    n.redial("south");
    n.expect("south", "lost");
    s.expect("north", "lost");
    n.expect("south", "linked");
    s.expect("north", "linked");
  }
}
