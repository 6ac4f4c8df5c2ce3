#pragma once

#include "tests/real_clients/fifo_client.hpp"
#include "tests/real_clients/sandbox.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace confab::test {

/// ii: a folder for each channel and each person, with a named pipe and a file in it.
class ii_client {
 public:
  /// Connects to 127.0.0.1 and waits until it is registered.
  ii_client(const temporary_folder& folder, const std::string& nick, std::uint16_t port);

  /// Joins `channel` and waits until it is in there.
  void join(const std::string& channel) const;
  /// The conversation with a channel or a person; the server's own has the empty name.
  fifo_client talk(std::string_view name) const;

 private:
  std::string folder_;
  std::string nick_;
  std::unique_ptr<process> program_;
};

}  // namespace confab::test
