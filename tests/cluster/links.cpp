// Nodes find each other over loopback, lose each other, and find each other again.

#include "tests/cluster/node.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;
using namespace std::chrono_literals;

TEST_CASE("two nodes are linked, and their peers hear each other in order") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  node n{north, {.peers = {south.as_peer()}}};
  node s{south, {.peers = {north.as_peer()}}};
  n.expect("south", "linked");
  s.expect("north", "linked");
  for (int i = 0; i < 100; ++i) {
    n.say("south", "n" + std::to_string(i));
    s.say("north", "s" + std::to_string(i));
  }
  for (int i = 0; i < 100; ++i) {
    s.expect("north", "n" + std::to_string(i));
    n.expect("south", "s" + std::to_string(i));
  }
}

TEST_CASE("three nodes are linked each with each") {
  std::vector<std::unique_ptr<cluster_address>> places;
  for (const auto* name : {"a", "b", "c"})
    places.push_back(std::make_unique<cluster_address>(name));
  std::vector<std::unique_ptr<node>> nodes;
  for (auto& own : places) {
    node_plan plan;
    for (const auto& each : places)
      if (each != own)
        plan.peers.push_back(each->as_peer());
    nodes.push_back(std::make_unique<node>(*own, plan));
  }
  for (std::size_t i = 0; i < places.size(); ++i)
    for (std::size_t k = 0; k < places.size(); ++k)
      if (i != k)
        nodes[i]->expect(places[k]->name(), "linked");
  for (std::size_t i = 0; i < places.size(); ++i)
    for (std::size_t k = 0; k < places.size(); ++k)
      if (i != k)
        nodes[i]->say(places[k]->name(), "from " + places[i]->name());
  for (std::size_t i = 0; i < places.size(); ++i)
    for (std::size_t k = 0; k < places.size(); ++k)
      if (i != k)
        nodes[i]->expect(places[k]->name(), "from " + places[k]->name());
}

TEST_CASE("a node that ends is lost, and linked again when it is back") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  std::optional<node> n;
  std::optional<node> s;
  n.emplace(north, node_plan{.peers = {south.as_peer()}});
  s.emplace(south, node_plan{.peers = {north.as_peer()}});
  n->expect("south", "linked");
  s->expect("north", "linked");
  s.reset();
  n->expect("south", "lost");
  s.emplace(south, node_plan{.peers = {north.as_peer()}});
  n->expect("south", "linked");
  s->expect("north", "linked");
  n.reset();
  s->expect("north", "lost");
  n.emplace(north, node_plan{.peers = {south.as_peer()}});
  n->expect("south", "linked");
  s->expect("north", "linked");
  n->say("south", "back");
  s->expect("north", "back");
}

TEST_CASE("the loss of a node that has said that it ends is no loss, but the next one is") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  node n{north, {.peers = {south.as_peer()}}};
  n.note_ending("south");  // Nobody is there who could end.
  for (const bool in_order : {true, false}) {
    std::optional<node> s;
    s.emplace(south, node_plan{.peers = {north.as_peer()}});
    n.expect("south", "linked");
    if (in_order)
      n.note_ending("south");
    s.reset();
    n.expect("south", "lost");
    n.expect_log("node south ends in order");
    CHECK(n.logged("lost south") == (in_order ? 0 : 1));
    CHECK(n.logged("node south ends in order") == 1);
  }
}

TEST_CASE("a link that one side finds broken is made anew") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  node n{north, {.peers = {south.as_peer()}}};
  node s{south, {.peers = {north.as_peer()}}};
  n.expect("south", "linked");
  s.expect("north", "linked");
  for (int round = 0; round < 3; ++round) {
    for (auto* finder : {&n, &s}) {
      finder->redial(finder == &n ? "south" : "north");
      n.expect("south", "lost");
      s.expect("north", "lost");
      n.expect("south", "linked");
      s.expect("north", "linked");
      n.say("south", "hello");
      s.expect("north", "hello");
      s.say("north", "hello");
      n.expect("south", "hello");
    }
  }
  n.redial("nobody");
  n.say("south", "still here");
  s.expect("north", "still here");
}

TEST_CASE("a node that is not in the list is refused with a plain line") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  cluster_address west{"west"};
  node n{north, {.peers = {west.as_peer()}}};
  cluster_address stranger{"evil"};
  node e{stranger, {.peers = {north.as_peer()}}};
  e.expect_log("cannot reach north at 127.0.0.1:" + std::to_string(north.port()) +
               ": it refuses: 'evil' is not among the peers of north");
  n.expect_log("refused a node: 'evil' is not among the peers of north");
  e.expect_nothing("north", 1s);
  CHECK(e.logged("it refuses") == 1);
}

TEST_CASE(
    "nodes of neighbouring versions are linked, others refuse each other with one line each") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  const auto middle = wire_version + 2;
  node s{south, {.peers = {north.as_peer()}, .version = middle}};
  for (const auto version : {middle - 2, middle + 2}) {
    const auto line = "north speaks version " + std::to_string(version) + " and south version " +
                      std::to_string(middle) + ": only neighbours understand each other";
    node n{north, {.peers = {south.as_peer()}, .version = version}};
    n.expect_log("cannot reach south at 127.0.0.1:" + std::to_string(south.port()) +
                 ": it refuses: " + line);
    s.expect_log("refused a node: " + line);
    n.expect_nothing("south", 1500ms);  // It asks again meanwhile.
    CHECK(n.logged("it refuses") == 1);
    CHECK(s.logged(line) == 1);
  }
  for (const auto version : {middle - 1, middle, middle + 1}) {
    {
      node n{north, {.peers = {south.as_peer()}, .version = version}};
      n.expect("south", "linked");
      s.expect("north", "linked");
      n.say("south", "hello");
      s.expect("north", "hello");
    }
    s.expect("north", "lost");
  }
}

TEST_CASE("a node with the name of the one it calls is refused") {
  cluster_address north{"north"};
  cluster_address other{"north"};
  cluster_address south{"south"};
  node n{north, {.peers = {south.as_peer()}}};
  node twin{other, {.peers = {{"south", "127.0.0.1", north.port()}}}};
  twin.expect_log("cannot reach south at 127.0.0.1:" + std::to_string(north.port()) +
                  ": another node answers there that calls itself 'north': each --node needs a "
                  "name of its own");
}

TEST_CASE("a node is not called by the name of another one") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  cluster_address west{"west"};
  node w{west, {.peers = {north.as_peer()}}};
  node n{north, {.peers = {{"south", "127.0.0.1", west.port()}}}};
  n.expect_log("cannot reach south at 127.0.0.1:" + std::to_string(west.port()) +
               ": node west answers there: the address in --peer south=... is wrong");
  n.expect_nothing("south", 2s);  // It asks again meanwhile.
  w.expect_nothing("north", 1ms);
  CHECK(n.logged("answers there") == 1);
  CHECK(n.logged("linked to") == 0);
}

TEST_CASE("a wrong address does no harm to the link to the node that answers there") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  cluster_address west{"west"};
  node n{north, {.peers = {{"south", "127.0.0.1", west.port()}, west.as_peer()}}};
  node w{west, {.peers = {north.as_peer()}}};
  n.expect("west", "linked");
  w.expect("north", "linked");
  n.expect_log("node west answers there: the address in --peer south=... is wrong");
  n.expect_nothing("west", 3s);  // The other one is dialled again meanwhile.
  w.expect_nothing("north", 1ms);
  n.say("west", "still here");
  w.expect("north", "still here");
}

TEST_CASE("of two nodes with one name, the one that is linked stays, and both are told") {
  cluster_address north{"north"};
  cluster_address other{"north"};
  cluster_address south{"south"};
  node s{south, {.peers = {north.as_peer()}}};
  std::optional<node> n;
  n.emplace(north, node_plan{.peers = {south.as_peer()}});
  n->expect("south", "linked");
  s.expect("north", "linked");
  node twin{other, {.peers = {south.as_peer()}}};
  const std::string line =
      "another node calls itself 'north', and is linked to south: each "
      "--node needs a name of its own";
  twin.expect_log("it refuses: " + line);
  s.expect_log("refused a node: " + line);
  s.expect_nothing("north", 2s);  // The twin calls again meanwhile.
  CHECK(s.logged(line) == 1);
  n.reset();  // Its place is free now.
  s.expect("north", "lost");
  twin.expect("south", "linked");
}

TEST_CASE("a node is let in as soon as there is a peer for it") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  node s{south, {.peers = {north.as_peer()}, .serves = false}};
  node n{north, {.peers = {south.as_peer()}}};
  n.expect_log("it refuses: south is not ready yet");
  s.serve();
  n.expect("south", "linked");
  s.expect("north", "linked");
}

TEST_CASE("a node that is not there is dialled for ever, and mourned once") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  south.close();
  node n{north, {.peers = {south.as_peer()}}};
  n.expect_log("cannot reach south at 127.0.0.1:" + std::to_string(south.port()) +
               ": Connection refused");
  n.expect_nothing("south", 3s);
  CHECK(n.logged("cannot reach") == 1);
  node s{south, {.peers = {north.as_peer()}}};
  CHECK(n.time_until("south", "linked") < 5s);
}

TEST_CASE("a host is found by its name") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  node n{north, {.peers = {{"south", "localhost", south.port()}}}};
  node s{south, {.peers = {north.as_peer()}}};
  n.expect("south", "linked");
  s.expect("north", "linked");
}

TEST_CASE("a host that has no address is mourned") {
  cluster_address north{"north"};
  node n{north, {.peers = {{"south", "no-such-host.invalid", 7}}}};
  n.expect_log("cannot reach south at no-such-host.invalid:7: ");
}

TEST_CASE("without a certificate no other machine is dialled") {
  cluster_address north{"north"};
  node n{north, {.peers = {{"south", "192.0.2.1", 7}}}};
  n.expect_log("it is on another machine, and this node has no certificate");
}

TEST_CASE("a text of some megabytes crosses a link") {
  cluster_address north{"north"};
  cluster_address south{"south"};
  node n{north, {.peers = {south.as_peer()}}};
  node s{south, {.peers = {north.as_peer()}}};
  n.expect("south", "linked");
  s.expect("north", "linked");
  const std::string large(5'000'000, 'x');
  n.say("south", large);
  s.say("north", large);
  s.expect("north", large);
  n.expect("south", large);
}

TEST_CASE("a node that is told its own address knows itself") {
  cluster_address north{"north"};
  node n{north, {.peers = {{"south", "127.0.0.1", north.port()}}}};
  n.expect_log("that is this node itself");
}

TEST_CASE("no two actor systems have the same name, whatever machine and process they are in") {
  const auto name = [] {
    node_config config;
    const caf::actor_system system{config};
    return to_string(system.node());
  };
  const auto first = name();
  const auto second = name();
  CHECK(first.substr(0, 30) != second.substr(0, 30));  // CAF itself counts at the end.
}
