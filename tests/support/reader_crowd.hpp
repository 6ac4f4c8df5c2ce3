#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace confab::test {

/// What a reader sends to enter a room, and what comes back when it is in.
struct entrance {
  std::string request;
  std::string welcome;  ///< The last bytes of the server's answer, whatever comes before them.
};

/// The entrance of reader `number` of a crowd, by dialect. The framed room must exist already, and
/// oneroom has only one room, the lobby.
entrance tagged_entrance(const std::string& room, std::size_t number);
entrance framed_entrance(const std::string& room, std::size_t number);
entrance oneroom_entrance(std::size_t number);

/// Many connections that only take, in small buffers of the kernel, so that the server soon holds
/// what they leave. What they take is counted and thrown away. Failures throw `std::runtime_error`.
class reader_crowd {
 public:
  /// Connects `count` readers to `port`, one after the other, and has each enter by
  /// `enter(number)`. Raises the process's soft limit of descriptors to the hard one.
  reader_crowd(std::uint16_t port, std::size_t count,
               const std::function<entrance(std::size_t)>& enter);
  ~reader_crowd();
  reader_crowd(const reader_crowd&) = delete;
  reader_crowd& operator=(const reader_crowd&) = delete;

  /// Reads until each has taken `bytes_each` since the last call (or since it entered); throws when
  /// that takes longer than `patience`, or when the server ends a connection before.
  void read(std::size_t bytes_each);

  /// Throws away what has come until now, and starts to count anew.
  void skip_what_came();

  /// Ends all connections at once.
  void close();

 private:
  struct reader {
    int descriptor;
    std::size_t taken_bytes;
  };

  std::vector<reader> readers_;
};

}  // namespace confab::test
