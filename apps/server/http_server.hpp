#pragma once

#include "io/net/listening_socket.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct MHD_Connection;
struct MHD_Daemon;

/// A small HTTP server for pages that are made when somebody asks for them.
namespace confab::server {

/// What a client gets to see.
struct http_page {
  unsigned status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields = {};  ///< More of the answer's head.
};

/// Makes the pages. Called by the thread that runs `http_server::serve`.
class http_pages {
 public:
  virtual ~http_pages() = default;

  /// The requests that follow have been read together. What could not be found out for one of them
  /// need not be tried again for the next.
  virtual void begin_round() = 0;

  /// The page of `path`, which starts with a slash. Must not take long: all clients wait.
  virtual http_page page(std::string_view path) = 0;
};

/// Answers GET and HEAD requests, one per connection, in one thread.
///
/// No client can hold up the others: each has `http_request_span` from its connect until it has
/// taken the whole answer, however many bytes it sends meanwhile, and when `http_clients_max` are
/// connected, the one that came first is closed for the next one.
class http_server {
 public:
  /// Accepts at `listeners`; `pages` must outlive the server. Throws `std::bad_alloc` if there is
  /// not enough memory, or no descriptor left.
  http_server(listening_sockets listeners, http_pages& pages);

  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;
  ~http_server();

  /// Serves until `stop`, a descriptor, becomes readable.
  void serve(int stop);

 private:
  using clock = std::chrono::steady_clock;

  /// A connection in the hands of the library.
  struct client {
    int descriptor;
    clock::time_point due;  ///< By then the client has its answer, or is closed.
    bool hung_up = false;
  };

  void accept_from(int listener);
  void hang_up_on_late_clients();
  static void hang_up(client& whom);
  int poll_milliseconds() const;
  void on_started(int descriptor);
  void on_closed(int descriptor);

  listening_sockets listeners_;
  http_pages& pages_;
  MHD_Daemon* daemon_ = nullptr;
  std::vector<client> clients_;          ///< In the order of their connects.
  clock::time_point accept_again_at_{};  ///< Out of descriptors until then.
};

/// The most clients that are connected to a server at a time.
inline constexpr std::size_t http_clients_max = 32;

/// From the connect to the end of the answer.
inline constexpr std::chrono::seconds http_request_span{5};

}  // namespace confab::server
