// Two server processes that share their rooms.

#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/irc_client.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/restart_ports.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace confab::test;

namespace {

/// What --irc-oper takes for `root` with the password `pw`.
std::string oper_line() {
  process program{"server", {"--hash-password"}};
  program.write("pw\n");
  program.close_input();
  REQUIRE(program.wait(patience) == 0);
  return "root:" + split_lines(program.output()).front();
}

std::size_t count_with(const std::vector<std::string>& lines, const std::string& words) {
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(),
      [&](const std::string& line) { return line.find(words) != std::string::npos; }));
}

/// Two nodes, a and b.
class two_nodes {
 public:
  /// With these options besides.
  explicit two_nodes(std::vector<std::string> options = {}) : options_(std::move(options)) {
    start_both();
  }

  mixed_server& a() { return *a_; }
  mixed_server& b() { return *b_; }

  void start_b() {
    begin_b();
    b_->await_start();
  }

  void kill_b() {
    b_->signal(SIGKILL);
    REQUIRE(b_->wait() == 128 + SIGKILL);
    b_.reset();
  }

  /// Both know of each other's clients from now on.
  void wait_until_linked() {
    auto speaker = a().sender("probea", "probe");
    auto listener = b().receiver("probeb", "probe");
    wait_until_heard(speaker, listener);
    auto other_speaker = b().sender("probeb", "probe");
    auto other_listener = a().receiver("probea", "probe");
    wait_until_heard(other_speaker, other_listener);
  }

 private:
  /// Each lets clients in when it has caught up with the other one.
  void start_both() {
    a_ = std::make_unique<mixed_server>(options("a", ports_[0], "b", ports_[1]),
                                        start_of_server::under_way);
    begin_b();
    a_->await_start();
    b_->await_start();
  }

  void begin_b() {
    b_ = std::make_unique<mixed_server>(options("b", ports_[1], "a", ports_[0]),
                                        start_of_server::under_way);
  }

  static void wait_until_heard(client& speaker, client& listener) {
    const auto asks_again = [&] {
      REQUIRE(speaker.request("sendall:anybody?") == "ok:message sent");
      pump({&listener}, std::chrono::milliseconds{20});
      return listener.take_line().has_value();
    };
    wait_until(asks_again, "the nodes did not link");
  }

  std::vector<std::string> options(const std::string& name, std::uint16_t port,
                                   const std::string& other, std::uint16_t other_port) const {
    auto result = options_;
    for (const auto& each :
         {std::string{"--node"}, name, std::string{"--cluster"},
          "127.0.0.1:" + std::to_string(port), std::string{"--peer"},
          other + "=127.0.0.1:" + std::to_string(other_port), std::string{"--admin"},
          std::string{"0"}, std::string{"--irc"}, std::string{"0"}})
      result.push_back(each);
    return result;
  }

  std::vector<std::string> options_;
  std::vector<std::uint16_t> ports_ = restart_ports(2);
  std::unique_ptr<mixed_server> a_;
  std::unique_ptr<mixed_server> b_;
};

/// What is said, without those who come: news of them cross when they do.
std::string read_text(framed_client& reader) {
  for (;;)
    if (auto next = reader.read(); next.rfind('[', 0) == 0)
      return next;
}

/// What stands for the address of a client, as it sees it.
std::string host_of(irc_client& who) {
  who.send("WHOIS " + who.nick());
  std::istringstream line{who.read_until(" 311 ").back()};
  std::string word;
  for (int i = 0; i < 6; ++i)  // :SERVER 311 WHO NICK USER HOST
    line >> word;
  return word;
}

/// A file for --cloak-key.
class cloak_key_file {
 public:
  cloak_key_file() { std::ofstream{file_.path()} << std::string(32, 'k'); }

  std::vector<std::string> options() const { return {"--cloak-key", file_.path()}; }

 private:
  temporary_log file_;
};

/// What nodes prove by that they belong together.
class node_files {
 public:
  node_files() { renew(); }

  /// Makes another authority and another certificate in the place of the old ones.
  void renew() const {
    const auto authority = make_identity({.name = "ca", .alternatives = "", .is_authority = true});
    const auto own = make_identity({.name = "node"}, &authority);
    folder.write("node.crt", pem_of(own.certificate));
    folder.write("node.key", pem_of(own.key));
    folder.write("ca.crt", pem_of(authority.certificate));
  }

  std::vector<std::string> options() const {
    return {"--cluster-certificate", folder.file("node.crt"), "--cluster-key",
            folder.file("node.key"), "--cluster-ca",          folder.file("ca.crt")};
  }

  temporary_folder folder;
};

}  // namespace

TEST_CASE("a text said on one node reaches the clients of all dialects on the other one, once") {
  two_nodes nodes;
  nodes.wait_until_linked();
  auto kay = nodes.b().framed("Kay", "/create cafe");  // First: it is told of those who come.
  auto ann = nodes.a().sender("ann", "cafe");
  auto far = nodes.b().receiver("bob", "cafe");
  auto near = nodes.a().receiver("eve", "cafe");
  for (int round = 0; round < 100; ++round) {
    const auto text = std::to_string(round);
    REQUIRE(ann.request("sendall:" + text) == "ok:message sent");
    REQUIRE(far.read_line() == "delivery:cafe:ann:" + text);
    REQUIRE(near.read_line() == "delivery:cafe:ann:" + text);
    REQUIRE(read_text(kay) == "[ann] " + text);
  }
  require_nothing_pending(far);
  require_nothing_pending(near);
}

TEST_CASE("texts of one author that travel together keep their order on the other node") {
  two_nodes nodes;
  nodes.wait_until_linked();
  auto ann = nodes.a().sender("ann", "cafe");
  auto far = nodes.b().receiver("bob", "cafe");
  std::string requests;
  for (int text = 0; text < 1000; ++text)
    requests += "sendall:" + std::to_string(text) + '\n';
  ann.send(requests);
  for (int text = 0; text < 1000; ++text)
    REQUIRE(far.read_line() == "delivery:cafe:ann:" + std::to_string(text));
  for (int text = 0; text < 1000; ++text)
    REQUIRE(ann.read_line() == "ok:message sent");
}

TEST_CASE("a room of the other node exists, so nobody makes it again") {
  two_nodes nodes;
  nodes.wait_until_linked();
  auto kay = nodes.a().framed("Kay", "/create lounge");
  auto lee = nodes.b().framed("Lee");
  const auto is_listed = [&] { return lee.ask("/list").find("lounge") != std::string::npos; };
  wait_until(is_listed, "the room is not known on the other node");
  lee.send("/join lounge");
  REQUIRE(kay.read() == "Lee has joined");
  kay.send("hello");
  REQUIRE(lee.read() == "[Kay] hello");
}

TEST_CASE("a node that is killed costs the others a bounded wait, and is back when it runs again") {
  two_nodes nodes;
  nodes.wait_until_linked();
  auto ann = nodes.a().sender("ann", "cafe");
  auto near = nodes.a().receiver("eve", "cafe");
  nodes.kill_b();
  REQUIRE(ann.request("sendall:alone") == "ok:message sent");
  REQUIRE(near.read_line() == "delivery:cafe:ann:alone");
  nodes.start_b();
  nodes.wait_until_linked();
  auto far = nodes.b().receiver("bob", "cafe");
  REQUIRE(ann.request("sendall:together") == "ok:message sent");
  REQUIRE(far.read_line() == "delivery:cafe:ann:together");
  REQUIRE(near.read_line() == "delivery:cafe:ann:together");
}

TEST_CASE("metrics tell of the link to each node: up, lost and healed (docs/limits.md)") {
  two_nodes nodes;
  nodes.wait_until_linked();
  auto bob = nodes.b().receiver("bob", "cafe");
  auto ann = nodes.a().sender("ann", "cafe");
  REQUIRE(ann.request("sendall:hi") == "ok:message sent");
  const auto of_b = [&](const std::string& name) {
    return nodes.a().metric("confab_cluster_" + name + "{peer=\"b\"}");
  };
  CHECK(of_b("link_up") == "1");
  CHECK(of_b("links_made_total") == "1");
  CHECK(of_b("links_lost_total") == "0");
  // Those who have waited for the link may still be on their way out.
  wait_until([&] { return of_b("clients") == "1"; }, "one client of b is known");
  wait_until([&] { return of_b("under_way_news") == "0"; }, "all has been taken");
  CHECK(of_b("credit_bytes") == "8388608");
  CHECK(std::stod(of_b("round_trip_seconds")) > 0);
  CHECK(nodes.b().metric("confab_cluster_link_up{peer=\"a\"}") == "1");
  const auto page = nodes.a().admin_page("/metrics");
  CHECK(page.find("# TYPE confab_cluster_link_up gauge\n") != std::string::npos);
  CHECK(page.find("# HELP confab_cluster_links_lost_total ") != std::string::npos);
  nodes.kill_b();
  wait_until([&] { return of_b("link_up") == "0"; }, "the link is still up");
  CHECK(of_b("links_lost_total") == "1");
  CHECK(of_b("links_ended_total") == "0");
  CHECK(of_b("clients") == "0");
  nodes.start_b();
  wait_until([&] { return of_b("link_up") == "1"; }, "the link is still down");
  CHECK(of_b("links_made_total") == "2");
  CHECK(of_b("links_healed_total") == "1");
}

TEST_CASE("a server that stands alone tells of no links") {
  running_server server{{"--admin", "0"}};
  CHECK(server.admin_page("/metrics").find("confab_cluster") == std::string::npos);
}

TEST_CASE(
    "a node that ends in order tells others and clients: it is not lost, nobody waits for it") {
  two_nodes nodes;
  nodes.wait_until_linked();
  irc_client ann{nodes.a(), "ann"};
  ann.join("#cafe");
  ann.join("#bar");
  irc_client bob{nodes.b(), "bob"};
  bob.join("#cafe");
  bob.join("#bar");
  ann.read_until(" JOIN #bar");
  auto eve = nodes.a().sender("eve", "cafe");
  nodes.b().signal(SIGTERM);
  CHECK(bob.read_until("ERROR ").back().find("Server is shutting down") != std::string::npos);
  const auto quit = ann.read_until(" QUIT ").back();
  CHECK(quit.find(":bob!") == 0);
  CHECK(quit.find("Server shuts down") != std::string::npos);
  CHECK(nodes.b().wait() == 0);
  REQUIRE(eve.request("sendall:alone") == "ok:message sent");
  const auto told = ann.read_all();
  CHECK(count_with(told, "alone") == 1);
  CHECK(count_with(told, "bob") == 0);
  wait_until([&] { return nodes.a().metric("confab_cluster_link_up{peer=\"b\"}") == "0"; },
             "the link is still up");
  CHECK(nodes.a().metric("confab_cluster_links_ended_total{peer=\"b\"}") == "1");
  CHECK(nodes.a().metric("confab_cluster_links_lost_total{peer=\"b\"}") == "0");
  CHECK(nodes.a().log_has("node b ends in order"));
  CHECK_FALSE(nodes.a().log_has("lost b"));
  CHECK_FALSE(nodes.b().log_has("lost a"));
}

TEST_CASE("a node that ends does not wait for one that hangs: exit 0 within 5 s") {
  two_nodes nodes;
  nodes.wait_until_linked();
  irc_client bob{nodes.b(), "bob"};
  bob.join("#cafe");
  nodes.a().signal(SIGSTOP);
  const auto since = std::chrono::steady_clock::now();
  nodes.b().signal(SIGTERM);
  CHECK(nodes.b().wait() == 0);
  CHECK(std::chrono::steady_clock::now() - since < std::chrono::seconds{5});
  nodes.a().signal(SIGCONT);
}

TEST_CASE(
    "a rolling restart loses nothing that was acknowledged to a client of the node that ends") {
  two_nodes nodes;
  nodes.wait_until_linked();
  for (int round = 0; round < 5; ++round) {
    auto listener = nodes.a().receiver("ann", "cafe");
    auto bob = nodes.b().sender("bob", "cafe");
    constexpr int texts = 2000;
    for (int text = 0; text < texts; ++text)
      bob.queue("sendall:" + std::to_string(text) + '\n');
    bob.send("");
    REQUIRE(bob.read_line() == "ok:message sent");
    nodes.b().signal(SIGTERM);
    const auto replies = split_lines(bob.read_to_end());
    CHECK(replies == std::vector<std::string>(replies.size(), "ok:message sent"));
    REQUIRE(nodes.b().wait() == 0);
    // Each ok promises that readers on the other node have been told.
    for (std::size_t text = 0; text < replies.size() + 1; ++text)
      REQUIRE(listener.read_line() == "delivery:cafe:bob:" + std::to_string(text));
    nodes.start_b();
    nodes.wait_until_linked();
  }
}

TEST_CASE("a rolling restart does not keep clients of other nodes waiting, and they lose nothing") {
  two_nodes nodes;
  nodes.wait_until_linked();
  auto ann = nodes.a().sender("ann", "cafe");
  auto near = nodes.a().receiver("eve", "cafe");
  int text = 0;
  const auto say_one = [&] {
    REQUIRE(ann.request("sendall:" + std::to_string(text)) == "ok:message sent");
    REQUIRE(near.read_line() == "delivery:cafe:ann:" + std::to_string(text));
    ++text;
  };
  for (int round = 0; round < 3; ++round) {
    auto far = nodes.b().receiver("bob", "cafe");
    for (int i = 0; i < 100; ++i)
      say_one();
    nodes.b().signal(SIGTERM);
    while (nodes.b().runs())
      say_one();
    REQUIRE(nodes.b().wait() == 0);
    nodes.start_b();
    nodes.wait_until_linked();
  }
}

TEST_CASE("two clients of one nick meet: the younger one has another one at once") {
  two_nodes nodes;
  nodes.wait_until_linked();
  nodes.kill_b();
  irc_client older{nodes.a(), "sam"};
  older.join("#cafe");
  nodes.a().signal(SIGSTOP);  // The nodes do not meet before both clients are there.
  nodes.start_b();
  irc_client younger{nodes.b(), "sam"};
  nodes.a().signal(SIGCONT);
  CHECK(younger.read_until(" NICK ").back().find("sam/b") != std::string::npos);
  nodes.wait_until_linked();
  CHECK(count_with(older.read_all(), " NICK ") == 0);
}

TEST_CASE("LUSERS and LINKS tell of the whole cluster, while the nodes are linked") {
  two_nodes nodes;
  nodes.wait_until_linked();
  irc_client ann{nodes.a(), "ann"};
  irc_client bob{nodes.b(), "bob"};
  const auto told = [](irc_client& who, const std::string& question, const std::string& end,
                       const std::string& words) {
    who.send(question);
    return count_with(who.read_until(end), words) == 1;
  };
  const auto both_count = [&] {  // Those who have looked for the link may still be leaving.
    return told(ann, "LUSERS", " 266 ", " 265 ann 1 ") &&
           told(bob, "LUSERS", " 266 ", " 265 bob 1 ") &&
           told(ann, "LUSERS", " 266 ", " 266 ann 2 ") &&
           told(bob, "LUSERS", " 266 ", " 266 bob 2 ");
  };
  wait_until(both_count, "the client of the other node does not count");
  CHECK(told(ann, "LUSERS", " 266 ", " 251 ann :There are 2 users and 0 invisible on 2 servers"));
  CHECK(told(ann, "LUSERS", " 266 ", " 255 ann :I have 1 clients and 1 servers"));
  CHECK(told(ann, "LINKS", " 365 ", " 364 ann b "));
  CHECK(told(bob, "LINKS", " 365 ", " 364 bob a "));
  nodes.kill_b();
  const auto is_alone = [&] { return !told(ann, "LINKS", " 365 ", " 364 ann b "); };
  wait_until(is_alone, "a lost node is told of as linked");
  CHECK(told(ann, "LUSERS", " 266 ", " 255 ann :I have 1 clients and 0 servers"));
}

// docs/cluster.md: "Clients of a lost node are seen to quit, once by each reader, and to join, with
// the part that they play, when the node is back."
TEST_CASE("whoever comes back with its node is seen to be the operator that it is") {
  two_nodes nodes;
  nodes.wait_until_linked();
  irc_client zed{nodes.b(), "zed"};
  zed.join("#cafe");
  zed.send("MODE #cafe +v zed");
  zed.read_until(" MODE #cafe ");
  irc_client eve{nodes.a(), "eve"};
  eve.join("#cafe");
  nodes.b().signal(SIGSTOP);
  eve.read_until(" QUIT ");
  nodes.b().signal(SIGCONT);
  const auto told = eve.read_until(" MODE #cafe +ov zed zed");
  CHECK(count_with(told, ":zed!") == 1);
  CHECK(count_with(told, " JOIN ") == 1);
  eve.send("NAMES #cafe");
  CHECK(eve.read_until(" 353 ").back().find("@zed") != std::string::npos);
}

TEST_CASE("WALLOPS of a server operator is heard on all nodes by those who want to, once") {
  two_nodes nodes{{"--irc-oper", oper_line()}};
  nodes.wait_until_linked();
  irc_client ann{nodes.a(), "ann"};
  irc_client bob{nodes.b(), "bob"};
  irc_client eve{nodes.b(), "eve"};
  bob.send("MODE bob +w");
  bob.read_until(" MODE ");
  ann.send("OPER root pw");
  ann.read_until(" 381 ");
  ann.send("MODE ann +w");
  ann.read_until(" MODE ");
  ann.send("WALLOPS :we restart at noon");
  CHECK(bob.read_until(" WALLOPS ").back().find(":ann!") == 0);
  CHECK(count_with(bob.read_all(), "WALLOPS") == 0);
  CHECK(count_with(eve.read_all(), "WALLOPS") == 0);
  CHECK(count_with(ann.read_all(), "WALLOPS") == 1);
}

TEST_CASE("INVITE reaches a client of the other node, both ways, and lets it in") {
  two_nodes nodes;
  nodes.wait_until_linked();
  irc_client ann{nodes.a(), "ann"};
  irc_client bob{nodes.b(), "bob"};
  const auto let_in = [](irc_client& host, irc_client& guest, const std::string& channel) {
    host.join(channel);
    host.send("MODE " + channel + " +i");
    host.read_until(" MODE " + channel + " +i");
    // The mode and the invitation come on one link, in order.
    host.send("INVITE " + guest.nick() + " " + channel);
    host.read_until(" 341 ");
    CHECK(guest.read_until(" INVITE ").back().find(":" + host.nick() + "!") == 0);
    guest.join(channel);
    CHECK(count_with(guest.read_all(), " INVITE ") == 0);
    host.read_until(":" + guest.nick() + "!");
  };
  let_in(ann, bob, "#north");
  let_in(bob, ann, "#south");
}

TEST_CASE("with one --cloak-key an address has one host on both nodes, also after a restart") {
  const cloak_key_file key;
  two_nodes nodes{key.options()};
  irc_client ann{nodes.a(), "ann"};
  const auto host = host_of(ann);
  CHECK(host.ends_with(".ip"));
  {
    irc_client bob{nodes.b(), "bob"};
    CHECK(host_of(bob) == host);
  }
  nodes.kill_b();
  nodes.start_b();
  irc_client bob{nodes.b(), "bob"};
  CHECK(host_of(bob) == host);
  CHECK_FALSE(nodes.a().log_has("without --cloak-key"));
}

TEST_CASE("a ban by host that was set on one node holds for clients of the other one") {
  const cloak_key_file key;
  two_nodes nodes{key.options()};
  nodes.wait_until_linked();
  irc_client ann{nodes.a(), "ann"};
  ann.join("#cafe");
  ann.send("MODE #cafe +b *!*@" + host_of(ann));
  ann.read_all();  // Its answer comes when the other node has the ban.
  irc_client bob{nodes.b(), "bob"};
  bob.send("JOIN #cafe");
  CHECK(count_with(bob.read_all(), " 474 ") == 1);
  nodes.kill_b();
  nodes.start_b();
  irc_client again{nodes.b(), "bob"};
  again.send("JOIN #cafe");
  CHECK(count_with(again.read_all(), " 474 ") == 1);
}

TEST_CASE("a node without --cloak-key says in its log that a ban by host holds on one node only") {
  two_nodes nodes;
  nodes.a().wait_for_log("warning cluster: without --cloak-key, an address has another host on");
  irc_client ann{nodes.a(), "ann"};
  irc_client bob{nodes.b(), "bob"};
  CHECK(host_of(ann) != host_of(bob));
}

TEST_CASE("SIGHUP: a node takes new certificates for links to come, and keeps those it has") {
  const node_files files;
  two_nodes nodes{files.options()};
  nodes.wait_until_linked();
  nodes.kill_b();
  files.renew();
  nodes.start_b();
  nodes.a().wait_for_log("was not signed by the authority of this cluster");
  nodes.a().signal(SIGHUP);
  nodes.a().wait_for_log("cluster: certificate read again, for links to come");
  nodes.wait_until_linked();
  const auto lost = nodes.b().metric("confab_cluster_links_lost_total{peer=\"a\"}");
  nodes.b().signal(SIGHUP);
  nodes.b().wait_for_log("cluster: certificate read again, for links to come");
  nodes.wait_until_linked();
  CHECK(nodes.b().metric("confab_cluster_links_lost_total{peer=\"a\"}") == lost);
}

TEST_CASE("SIGHUP with cluster files that are no good changes nothing, and the log says why") {
  const node_files files;
  two_nodes nodes{files.options()};
  files.folder.write("node.key", "nonsense");
  nodes.a().signal(SIGHUP);
  nodes.a().wait_for_log("cluster: certificate not renewed, the old one stays: --cluster-key: ");
  nodes.b().signal(SIGSTOP);
  nodes.a().wait_for_log("lost b");
  nodes.b().signal(SIGCONT);
  nodes.wait_until_linked();
}
