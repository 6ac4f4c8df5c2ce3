#include "tests/faults/cluster/cluster.hpp"

#include "tests/faults/cluster/command.hpp"
#include "tests/faults/cluster/speech.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace confab::faults {

namespace {

constexpr std::uint16_t cluster_port = 7400;
constexpr const char* roomy = "size=4g";

std::string port_text(dialect of) {
  return std::to_string(port_of(of));
}

/// The address of `node` on its cable to `other`.
std::string address(std::size_t node, std::size_t other) {
  const auto cable = std::min(node, other) * nodes + std::max(node, other);
  return "10.66." + std::to_string(cable) + '.' + (node < other ? '1' : '2');
}

/// The card of a node on its cable to `other`.
std::string card(std::size_t other) {
  return "to-" + cluster::name(other);
}

/// In another network for as long as it lives.
class visit {
 public:
  visit(int network, int home) : home_(home) { enter(network); }
  visit(const visit&) = delete;
  visit& operator=(const visit&) = delete;
  ~visit() { ::setns(home_, CLONE_NEWNET); }

 private:
  static void enter(int network) {
    if (::setns(network, CLONE_NEWNET) != 0)
      throw std::runtime_error(std::string{"setns: "} + std::strerror(errno));
  }

  int home_;
};

int own_network() {
  return ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

std::string read_file(const std::string& name) {
  std::ifstream file{name};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

std::uint16_t port_of(dialect of) {
  switch (of) {
    case dialect::tagged_sender:
    case dialect::tagged_receiver:
      return 7401;
    case dialect::oneroom:
      return 7402;
    case dialect::framed:
      return 7403;
    case dialect::irc:
      break;
  }
  return 7404;
}

cluster::cluster(cluster_places places) : places_(std::move(places)) {
  if (::geteuid() != 0)
    throw cannot_be_tried("needs root");
  if (::unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    throw cannot_be_tried(std::string{"no namespaces here: "} + std::strerror(errno));
  home_ = own_network();
  make_networks();
  make_disks();
  for (std::size_t node = 0; node < nodes; ++node)
    must_run({places_.make_certificate, "--cluster", places_.folder + "/certificates", name(node)});
}

cluster::~cluster() {
  for (auto& each : servers_) {
    if (each.process > 0) {
      ::kill(each.process, SIGKILL);
      wait_for(each.process);
    }
    ::close(each.network);
  }
  for (std::size_t node = 0; node < nodes; ++node)
    ::umount2(disk(node).c_str(), MNT_DETACH);
  ::close(home_);
}

// -- networks and disks ---------------------------------------------------------------------------

void cluster::make_networks() {
  for (auto& each : servers_) {
    if (::unshare(CLONE_NEWNET) != 0)
      throw cannot_be_tried(std::string{"no network of its own: "} + std::strerror(errno));
    each.network = own_network();
    ::setns(home_, CLONE_NEWNET);
    if (run({"ip", "link", "set", "lo", "up"}, each.network).status != 0)
      throw cannot_be_tried("needs the program ip (Debian's package iproute2)");
  }
  for (std::size_t node = 0; node < nodes; ++node)
    for (std::size_t other = node + 1; other < nodes; ++other)
      lay_cable(node, other);
}

void cluster::lay_cable(std::size_t node, std::size_t other) {
  if (run({"ip", "link", "add", "near", "type", "veth", "peer", "name", "far"}).status != 0)
    throw cannot_be_tried("no virtual network cards here");
  const auto plug_in = [this](const std::string& end, std::size_t at, std::size_t to) {
    const auto network = servers_[at].network;
    const auto place = "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(network);
    must_run({"ip", "link", "set", end, "netns", place});
    must_run({"ip", "link", "set", end, "name", card(to)}, network);
    must_run({"ip", "address", "add", address(at, to) + "/24", "dev", card(to)}, network);
    must_run({"ip", "link", "set", card(to), "up"}, network);
  };
  plug_in("near", node, other);
  plug_in("far", other, node);
}

void cluster::make_disks() {
  for (std::size_t node = 0; node < nodes; ++node) {
    ::mkdir(disk(node).c_str(), S_IRWXU);
    if (::mount("tmpfs", disk(node).c_str(), "tmpfs", 0, roomy) != 0)
      throw cannot_be_tried(std::string{"no tmpfs here: "} + std::strerror(errno));
  }
}

std::string cluster::disk(std::size_t node) const {
  return places_.folder + "/disk-" + name(node);
}

std::string cluster::log_file(std::size_t node) const {
  return places_.folder + "/log-" + name(node);
}

/// The disk becomes as small as what is on it.
void cluster::fill_disk(std::size_t node) {
  for (int tries = 0; tries < 100; ++tries) {
    struct statvfs now {};
    ::statvfs(disk(node).c_str(), &now);
    const auto used = (now.f_blocks - now.f_bfree) * now.f_frsize;
    const auto size = "size=" + std::to_string(std::max<std::size_t>(used, now.f_frsize));
    if (::mount("tmpfs", disk(node).c_str(), "tmpfs", MS_REMOUNT, size.c_str()) == 0)
      return;
  }
  throw std::runtime_error("cannot fill the disk of node " + name(node));
}

void cluster::empty_disk(std::size_t node) {
  if (::mount("tmpfs", disk(node).c_str(), "tmpfs", MS_REMOUNT, roomy) != 0)
    throw std::runtime_error("cannot empty the disk of node " + name(node));
}

// -- cables ---------------------------------------------------------------------------------------

/// What `from` sends to `to` goes to a card that nobody has.
void cluster::misdirect(std::size_t from, std::size_t to) const {
  must_run({"ip", "neigh", "replace", address(to, from), "lladdr", "02:00:00:00:00:99", "dev",
            card(to), "nud", "permanent"},
           servers_[from].network);
}

void cluster::direct(std::size_t from, std::size_t to) const {
  must_run({"ip", "neigh", "del", address(to, from), "dev", card(to)}, servers_[from].network);
}

void cluster::break_cable(fault_kind how, std::size_t node, std::size_t other) {
  if (how == fault_kind::unplug) {
    must_run({"ip", "link", "set", card(other), "down"}, servers_[node].network);
    return;
  }
  misdirect(node, other);
  if (how == fault_kind::silence)
    misdirect(other, node);
}

void cluster::mend_cable(fault_kind how, std::size_t node, std::size_t other) {
  if (how == fault_kind::unplug) {
    must_run({"ip", "link", "set", card(other), "up"}, servers_[node].network);
    return;
  }
  direct(node, other);
  if (how == fault_kind::silence)
    direct(other, node);
}

// -- servers --------------------------------------------------------------------------------------

void cluster::start(std::size_t node) {
  auto& it = servers_[node];
  it.log_start = read_file(log_file(node)).size();
  const auto certificate = places_.folder + "/certificates/" + name(node);
  std::vector<std::string> words{places_.server,
                                 port_text(dialect::tagged_sender),
                                 "--oneroom",
                                 port_text(dialect::oneroom),
                                 "--framed",
                                 port_text(dialect::framed),
                                 "--irc",
                                 port_text(dialect::irc),
                                 "--history",
                                 disk(node) + "/history",
                                 "--node",
                                 name(node),
                                 "--cluster",
                                 "0.0.0.0:" + std::to_string(cluster_port),
                                 "--cluster-certificate",
                                 certificate + ".crt",
                                 "--cluster-key",
                                 certificate + ".key",
                                 "--cluster-ca",
                                 places_.folder + "/certificates/ca.crt"};
  for (std::size_t other = 0; other < nodes; ++other) {
    if (other == node)
      continue;
    words.insert(words.end(), {"--peer", name(other) + '=' + address(other, node) + ':' +
                                             std::to_string(cluster_port)});
  }
  words.insert(words.end(), places_.more_options.begin(), places_.more_options.end());
  it.process = faults::start(words, it.network, log_file(node));
}

void cluster::signal(std::size_t node, int number) {
  if (servers_[node].process > 0)
    ::kill(servers_[node].process, number);
}

bool cluster::runs(std::size_t node) {
  auto& it = servers_[node];
  if (it.process > 0 && has_ended(it.process, it.status))
    it.process = -1;
  return it.process > 0;
}

bool cluster::listens(std::size_t node) const {
  const auto log = read_file(log_file(node)).substr(servers_[node].log_start);
  const auto says = [&log](const std::string& of) {
    return log.find("listening: " + of + " on port ") != std::string::npos;
  };
  return says("tagged") && says("oneroom") && says("framed") && says("irc");
}

int cluster::connect(std::size_t node, dialect of) const {
  const visit there{servers_[node].network, home_};
  const int result = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int enabled = 1;
  ::setsockopt(result, IPPROTO_TCP, TCP_NODELAY, &enabled, sizeof enabled);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(port_of(of));
  if (::connect(result, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 ||
      errno == EINPROGRESS)
    return result;
  ::close(result);
  return -1;
}

std::size_t cluster::memory_bytes(std::size_t node) const {
  std::ifstream file{"/proc/" + std::to_string(servers_[node].process) + "/statm"};
  std::size_t size = 0;
  std::size_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::multiset<text_id> cluster::history(std::size_t node) const {
  const auto lines = must_run({places_.server, "history", "export", disk(node) + "/history"});
  std::multiset<text_id> result;
  const std::string mark = "\"text\":\"";
  for (auto found = lines.find(mark); found != std::string::npos;
       found = lines.find(mark, found + 1)) {
    const auto begin = found + mark.size();
    if (const auto text = text_with(lines.substr(begin, lines.find('"', begin) - begin)))
      result.insert(*text);
  }
  return result;
}

}  // namespace confab::faults
