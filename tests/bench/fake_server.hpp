#pragma once

// A small tagged server in a child process, an honest one or another, for the tests of the bench.

#include "apps/bench/options.hpp"
#include "io/net/layers/tls_layer.hpp"
#include "tests/support/catch.hpp"

#include <csignal>
#include <cstdint>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace confab::bench {

/// What the server does wrong.
enum class misbehaviour { none, loses_texts, swaps_texts, never_answers, refuses };

struct fake_client {
  int socket = -1;
  bool is_receiver = false;
  std::string room;
  std::string input;
  std::string unsent;              ///< what the client has not read yet
  std::unique_ptr<tls_layer> tls;  ///< null: it speaks in the clear
};

/// Just enough of the tagged protocol, over poll(), for well-behaved clients.
class fake_server {
 public:
  /// `tls`: null for a server that speaks in the clear.
  fake_server(int listener, misbehaviour fault, tls_context_ptr tls)
      : listener_(listener), fault_(fault), tls_(std::move(tls)) {}

  [[noreturn]] void serve() {
    for (;;) {
      std::vector<pollfd> watched{{listener_, POLLIN, 0}};
      for (const auto& client : clients_) {
        const short events = client.unsent.empty() ? POLLIN : POLLIN | POLLOUT;
        watched.push_back({client.socket, events, 0});
      }
      poll(watched.data(), watched.size(), -1);
      for (std::size_t i = 1; i < watched.size(); ++i) {
        if ((watched[i].revents & POLLOUT) != 0)
          flush(clients_[i - 1]);
        if ((watched[i].revents & ~POLLOUT) != 0)
          read_from(clients_[i - 1]);
      }
      if (watched[0].revents != 0)
        clients_.push_back({accept(listener_, nullptr, nullptr),
                            false,
                            {},
                            {},
                            {},
                            tls_ ? std::make_unique<tls_layer>(tls_) : nullptr});
    }
  }

 private:
  /// A client that does not read must not stop the others from being served.
  static void write_to(fake_client& client, const std::string& line) {
    if (client.tls)
      client.tls->seal(line, client.unsent);
    else
      client.unsent += line;
    flush(client);
  }

  static void flush(fake_client& client) {
    const auto sent = ::send(client.socket, client.unsent.data(), client.unsent.size(),
                             MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
      client.unsent.erase(0, static_cast<std::size_t>(sent));
  }

  void read_from(fake_client& client) {
    char chunk[4096];
    const auto size = recv(client.socket, chunk, sizeof chunk, 0);
    if (size <= 0) {
      close(client.socket);
      client.socket = -1;  // poll passes over it
      return;
    }
    take(client, {chunk, static_cast<std::size_t>(size)});
    for (auto end = client.input.find('\n'); end != std::string::npos;
         end = client.input.find('\n')) {
      handle(client, client.input.substr(0, end));
      client.input.erase(0, end + 1);
    }
  }

  static void take(fake_client& client, std::string_view bytes) {
    layer_output made;
    if (client.tls)
      client.tls->take(bytes, made);
    else
      made.up = bytes;
    client.input += made.up;
    client.unsent += made.down;
    flush(client);
  }

  void handle(fake_client& client, const std::string& line) {
    const auto payload = line.substr(line.find(':') + 1);
    if (fault_ == misbehaviour::refuses) {
      write_to(client, "err:go away\n");
      return;
    }
    if (line.starts_with("rlogin:")) {
      client.is_receiver = true;
    } else if (line.starts_with("join:")) {
      client.room = payload;
    } else if (line.starts_with("sendall:")) {
      say(client, payload);
      if (fault_ == misbehaviour::never_answers)
        return;
    }
    write_to(client, "ok:\n");
  }

  void say(const fake_client& author, const std::string& text) {
    ++texts_;
    if (fault_ == misbehaviour::loses_texts && texts_ % 10 == 0)
      return;
    if (fault_ == misbehaviour::swaps_texts && texts_ % 10 == 1) {
      held_ = text;
      return;
    }
    for (auto& client : clients_) {
      if (client.is_receiver && client.room == author.room) {
        write_to(client, "delivery:" + client.room + ":x:" + text + '\n');
        if (!held_.empty())
          write_to(client, "delivery:" + client.room + ":x:" + held_ + '\n');
      }
    }
    held_.clear();
  }

  int listener_;
  misbehaviour fault_;
  tls_context_ptr tls_;
  std::vector<fake_client> clients_;
  std::string held_;
  unsigned texts_ = 0;
};

/// A server in a child process, on a free port, as long as the object lives.
class child_server {
 public:
  explicit child_server(misbehaviour fault = misbehaviour::none, const tls_context_ptr& tls = {}) {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    REQUIRE(bind(listener, generic, size) == 0);
    REQUIRE(listen(listener, SOMAXCONN) == 0);
    REQUIRE(getsockname(listener, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      fake_server(listener, fault, tls).serve();
    }
    close(listener);
  }
  ~child_server() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  child_server(const child_server&) = delete;
  child_server& operator=(const child_server&) = delete;

  [[nodiscard]] bench_options options() const {
    bench_options options;
    options.protocol = "tagged";
    options.port = port_;
    options.pids = {pid_};
    options.deadline_seconds = 20;
    options.texts = 100;
    options.window = 4;
    return options;
  }

 private:
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace confab::bench
