// Nodes in processes of their own that are killed, or stand still.

#include "tests/cluster/contexts.hpp"
#include "tests/cluster/node.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace confab;
using namespace confab::test;
using namespace std::chrono_literals;

/// LeakSanitizer asks for this: what CAF's network layer keeps of a connection whose other end
/// stands still when the system ends is CAF's.
extern "C" const char* __lsan_default_suppressions();
const char* __lsan_default_suppressions() {
  return "leak:libcaf_io\nleak:caf::io::middleman\n";
}

namespace {

/// A node in a process of its own. Made before there is a node in this process, for a process with
/// threads is not to be forked.
class distant_node {
 public:
  distant_node(cluster_address& where, const node_plan& plan) : process_(::fork()) {
    if (process_ != 0) {
      where.close();
      return;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const node own{where, plan};
    for (;;)
      ::pause();
  }

  ~distant_node() { kill(); }
  distant_node(const distant_node&) = delete;
  distant_node& operator=(const distant_node&) = delete;

  void stop() const { ::kill(process_, SIGSTOP); }
  void go_on() const { ::kill(process_, SIGCONT); }

  void kill() {
    if (process_ <= 0)
      return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

 private:
  pid_t process_;
};

/// How soon the loss has to be noticed: a second and two heartbeats, and some more on a machine
/// that is busy.
constexpr std::chrono::milliseconds noticed_within{3000};

void try_faults(const std::string& distant_name, const std::string& own_name,
                const mutual_tls_ptr& context) {
  cluster_address own{own_name};
  cluster_address distant{distant_name};
  const node_plan plan{.peers = {own.as_peer()}, .context = context};
  distant_node d{distant, plan};
  node n{own, {.peers = {distant.as_peer()}, .context = context}};
  n.expect(distant_name, "linked");
  for (int round = 0; round < 2; ++round) {
    d.stop();
    const auto span = n.time_until(distant_name, "lost");
    CHECK(span > 500ms);
    CHECK(span < noticed_within);
    d.go_on();
    CHECK(n.time_until(distant_name, "linked") < 5s);
  }
  n.expect_nothing(distant_name, 1500ms);
  d.kill();
  CHECK(n.time_until(distant_name, "lost") < noticed_within);
}

}  // namespace

TEST_CASE("a node that stands still or is killed is lost, the one that dials notices") {
  try_faults("south", "north", nullptr);
}

TEST_CASE("a node that stands still or is killed is lost, the one that is dialled notices") {
  try_faults("north", "south", nullptr);
}

TEST_CASE("the same through TLS") {
  const cluster_authority authority;
  try_faults("south", "north", authority.loaded());
  try_faults("north", "south", authority.loaded());
}

TEST_CASE("a node that is started again is let in soon, although the old one stands still") {
  cluster_address own{"south"};
  cluster_address distant{"north"};
  cluster_address second{"north"};
  const distant_node d{distant, {.peers = {own.as_peer()}}};
  const distant_node again{second, {.peers = {own.as_peer()}}};
  again.stop();  // There is nobody yet to be dialled.
  node n{own, {.peers = {distant.as_peer()}}};
  n.expect("north", "linked");
  d.stop();
  again.go_on();
  CHECK(n.time_until("north", "lost") < noticed_within);
  CHECK(n.time_until("north", "linked") < 5s);
}

TEST_CASE("a node ends in time although another one stands still with much unread") {
  cluster_address own{"north"};
  cluster_address distant{"south"};
  distant_node d{distant, {.peers = {own.as_peer()}}};
  const auto begun = [&] {
    node n{own, {.peers = {distant.as_peer()}}};
    n.expect("south", "linked");
    d.stop();
    n.say("south", std::string(15'000'000, 'x'));
    return std::chrono::steady_clock::now();
  }();
  CHECK(std::chrono::steady_clock::now() - begun < 4s);
}
