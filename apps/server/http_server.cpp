#include "apps/server/http_server.hpp"

#include <algorithm>
#include <cerrno>
#include <microhttpd.h>
#include <new>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace confab::server {

namespace {

/// What one request may take up; ours have a few hundred bytes.
constexpr std::size_t client_memory_bytes = 16 * 1024;

/// How long a server that got no descriptor waits before it accepts again.
constexpr std::chrono::milliseconds accept_pause{100};

constexpr unsigned method_not_allowed = 405;

MHD_Result send_page(MHD_Connection* connection, http_page page) {
  auto* response =
      MHD_create_response_from_buffer(page.body.size(), page.body.data(), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr)
    return MHD_NO;  // Closes the connection.
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, page.content_type.c_str());
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
  for (const auto& [name, value] : page.fields)
    MHD_add_response_header(response, name.c_str(), value.c_str());
  if (page.status == method_not_allowed)
    MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
  const auto result = MHD_queue_response(connection, page.status, response);
  MHD_destroy_response(response);
  return result;
}

/// What the library calls when it has read the headers of a request; it chose the parameters.
// NOLINTNEXTLINE(readability-function-size)
MHD_Result on_request(void* pages, MHD_Connection* connection, const char* path, const char* method,
                      const char*, const char*, size_t*, void**) noexcept {
  const std::string_view word{method};
  if (word != MHD_HTTP_METHOD_GET && word != MHD_HTTP_METHOD_HEAD)
    return send_page(connection, {method_not_allowed, "text/plain; charset=utf-8",
                                  "only GET and HEAD are answered here\n"});
  return send_page(connection, static_cast<http_pages*>(pages)->page(path));
}

int descriptor_of(MHD_Connection* connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

bool out_of_descriptors(int error_number) {
  return error_number == EMFILE || error_number == ENFILE || error_number == ENOBUFS ||
         error_number == ENOMEM;
}

}  // namespace

http_server::http_server(listening_sockets listeners, http_pages& pages)
    : listeners_(std::move(listeners)), pages_(pages) {
  const MHD_NotifyConnectionCallback on_connection =
      [](void* server, MHD_Connection* connection, void**,
         MHD_ConnectionNotificationCode what) noexcept {
        auto* self = static_cast<http_server*>(server);
        if (what == MHD_CONNECTION_NOTIFY_STARTED)
          self->on_started(descriptor_of(connection));
        else
          self->on_closed(descriptor_of(connection));
      };
  daemon_ =
      MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, nullptr, nullptr, &on_request,
                       &pages, MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned>(http_clients_max),
                       MHD_OPTION_CONNECTION_MEMORY_LIMIT, client_memory_bytes,
                       MHD_OPTION_NOTIFY_CONNECTION, on_connection, this, MHD_OPTION_END);
  if (daemon_ == nullptr)
    throw std::bad_alloc{};
}

http_server::~http_server() {
  MHD_stop_daemon(daemon_);  // Closes what is left.
}

void http_server::serve(int stop) {
  std::vector<pollfd> watched{
      {stop, POLLIN, 0},
      {MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, POLLIN, 0}};
  const auto listeners_from = watched.size();
  for (const auto& each : listeners_.descriptors)
    watched.push_back({each.get(), POLLIN, 0});
  for (;;) {
    const short wanted = clock::now() < accept_again_at_ ? 0 : POLLIN;
    for (auto i = listeners_from; i < watched.size(); ++i)
      watched[i].events = wanted;
    if (::poll(watched.data(), watched.size(), poll_milliseconds()) < 0)
      continue;  // A signal.
    if (watched.front().revents != 0)
      return;
    for (auto i = listeners_from; i < watched.size(); ++i)
      if (watched[i].revents != 0)
        accept_from(watched[i].fd);
    hang_up_on_late_clients();
    pages_.begin_round();
    MHD_run(daemon_);
  }
}

/// Takes one client. If there are too many, closes the first one instead: there is room in the next
/// round then.
void http_server::accept_from(int listener) {
  if (clients_.size() >= http_clients_max) {
    hang_up(clients_.front());
    return;
  }
  sockaddr_storage from{};
  socklen_t size_bytes = sizeof from;
  auto* address = reinterpret_cast<sockaddr*>(&from);
  const int descriptor = ::accept4(listener, address, &size_bytes, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (descriptor >= 0)
    MHD_add_connection(daemon_, descriptor, address, size_bytes);  // Closes it if it cannot.
  else if (out_of_descriptors(errno))
    accept_again_at_ = clock::now() + accept_pause;
}

void http_server::hang_up_on_late_clients() {
  const auto now = clock::now();
  for (auto& each : clients_) {
    if (each.due > now)
      return;
    hang_up(each);
  }
}

/// The library sees the end of the connection then, and closes the descriptor.
void http_server::hang_up(client& whom) {
  if (!std::exchange(whom.hung_up, true))
    ::shutdown(whom.descriptor, SHUT_RDWR);
}

/// Until the library or a client's deadline wants to be looked at; -1: nothing does.
int http_server::poll_milliseconds() const {
  std::optional<std::chrono::milliseconds> result;
  const auto sooner = [&result](std::chrono::milliseconds span) {
    result = std::max(std::chrono::milliseconds{0}, std::min(result.value_or(span), span));
  };
  const auto now = clock::now();
  const auto until = [now](clock::time_point then) {
    return std::chrono::ceil<std::chrono::milliseconds>(then - now);
  };
  if (MHD_UNSIGNED_LONG_LONG span = 0; MHD_get_timeout(daemon_, &span) == MHD_YES)
    sooner(std::chrono::milliseconds{span});
  const auto next = std::find_if(clients_.begin(), clients_.end(),
                                 [](const client& each) { return !each.hung_up; });
  if (next != clients_.end())
    sooner(until(next->due));
  if (accept_again_at_ > now)
    sooner(until(accept_again_at_));
  return result ? static_cast<int>(result->count()) : -1;
}

void http_server::on_started(int descriptor) {
  clients_.push_back({descriptor, clock::now() + http_request_span});
}

void http_server::on_closed(int descriptor) {
  std::erase_if(clients_, [=](const client& each) { return each.descriptor == descriptor; });
}

}  // namespace confab::server
