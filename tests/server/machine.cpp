// What the machine allows, on folders that look like a machine.

#include "apps/server/machine.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>

using namespace confab;

namespace {

namespace fs = std::filesystem;

/// The part of a file system that tells of control groups, gone with its object.
class made_up_machine {
 public:
  void write(const std::string& path, const std::string& content) const {
    const auto file = fs::path{root_.path()} / path;
    fs::create_directories(file.parent_path());
    std::ofstream{file} << content << '\n';
  }

  std::optional<std::size_t> limit_bytes() const {
    return server::control_group_memory_bytes(root_.path());
  }

 private:
  test::temporary_folder root_;
};

}  // namespace

TEST_CASE("without control groups there is no limit") {
  CHECK(made_up_machine{}.limit_bytes() == std::nullopt);
}

TEST_CASE("version 2: the limit of the group that the process is in counts") {
  made_up_machine machine;
  machine.write("proc/self/cgroup", "0::/system.slice/confab.service");
  machine.write("sys/fs/cgroup/system.slice/confab.service/memory.max", "268435456");
  machine.write("sys/fs/cgroup/system.slice/other.service/memory.max", "1000");
  CHECK(machine.limit_bytes() == std::optional<std::size_t>{268435456});
}

TEST_CASE("version 2: the smallest limit of the group and all of its ancestors counts") {
  made_up_machine machine;
  machine.write("proc/self/cgroup", "0::/a/b/c");
  machine.write("sys/fs/cgroup/a/memory.max", "3000");
  machine.write("sys/fs/cgroup/a/b/memory.max", "2000");
  machine.write("sys/fs/cgroup/a/b/c/memory.max", "4000");
  CHECK(machine.limit_bytes() == std::optional<std::size_t>{2000});
  machine.write("sys/fs/cgroup/memory.max", "1000");  // As a container sees its own group.
  CHECK(machine.limit_bytes() == std::optional<std::size_t>{1000});
}

TEST_CASE("version 2: the word max is no limit") {
  made_up_machine machine;
  machine.write("proc/self/cgroup", "0::/a");
  machine.write("sys/fs/cgroup/a/memory.max", "max");
  CHECK(machine.limit_bytes() == std::nullopt);
}

TEST_CASE("version 1: the memory controller's group and its ancestors count") {
  made_up_machine machine;
  machine.write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/a/b\n1:name=systemd:/y");
  machine.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
  machine.write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "5000");
  machine.write("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "6000");
  machine.write("sys/fs/cgroup/memory/x/memory.limit_in_bytes", "1");
  CHECK(machine.limit_bytes() == std::optional<std::size_t>{5000});
}

TEST_CASE("more listeners and an admin port keep more descriptors in reserve") {
  server::options chosen;
  chosen.listeners.resize(1);
  const auto one = server::own_descriptors(chosen);
  chosen.listeners.resize(3);
  const auto three = server::own_descriptors(chosen);
  CHECK(three > one);
  chosen.admin_port = 0;
  CHECK(server::own_descriptors(chosen) > three + 32);
}

TEST_CASE("more loops keep more descriptors in reserve, and share the memory among more gateways") {
  server::options chosen;
  chosen.listeners.resize(3, server::listener{&dialect_catalog().front(), 0});
  const auto one = server::own_descriptors(chosen);
  chosen.loops = 2;
  CHECK(server::own_descriptors(chosen) > one + 3);
  server::fit_limits_to_machine(chosen);
  CHECK(chosen.quota.gateways == 6);
}
