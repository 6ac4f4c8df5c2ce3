#pragma once

#include "apps/server/options.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>

/// What the machine allows.
namespace confab::server {

/// The memory limit of the control group that this process is in, in bytes: the smallest of its own
/// and its ancestors'. Reads `proc/self/cgroup` and `sys/fs/cgroup` below `root`; knows versions 1
/// and 2. Nothing if there is no limit, or no control group.
std::optional<std::size_t> control_group_memory_bytes(const std::filesystem::path& root);

/// The most descriptors that a server with these options has open beside those of the connections
/// that it has admitted.
std::size_t own_descriptors(const options& chosen);

/// Raises the soft limit of open descriptors to the hard one, and replaces the limits that were
/// left to the machine: connections by what the descriptors allow beside the server's own;
/// connections per address by as many; backlog in all by a quarter of the memory.
void fit_limits_to_machine(options& chosen);

}  // namespace confab::server
