#include "apps/server/admin.hpp"

#include "apps/server/metrics.hpp"

#include <algorithm>
#include <chrono>
#include <httplib.h>
#include <optional>
#include <utility>

#include <caf/all.hpp>

namespace confab::server {

namespace {

/// The actors answer within microseconds; if they do not, that is what `/healthz` is for.
constexpr std::chrono::milliseconds answer_span{2000};

/// What all actors said of themselves.
struct reports {
  registry_report rooms;
  std::vector<gateway_report> gateways;
};

/// Asks all actors; returns nothing if one does not answer in time.
std::optional<reports> ask(caf::actor_system& system, const observed_actors& observed) {
  caf::scoped_actor self{system};
  reports result;
  bool answered = true;
  self->request(observed.registry, answer_span, report_atom::value)
      .receive([&](registry_report& rooms) { result.rooms = rooms; },
               [&](caf::error&) { answered = false; });
  for (const auto& gateway : observed.gateways)
    self->request(gateway, answer_span, report_atom::value)
        .receive([&](gateway_report& each) { result.gateways.push_back(std::move(each)); },
                 [&](caf::error&) { answered = false; });
  if (!answered)
    return std::nullopt;
  return result;
}

constexpr std::size_t threads = 8;
constexpr time_t client_seconds_max = 1;

constexpr auto plain_text = "text/plain; charset=utf-8";
constexpr auto prometheus_text = "text/plain; version=0.0.4; charset=utf-8";
constexpr int service_unavailable = 503;

void answer(httplib::Response& response, bool good, const char* words) {
  response.status = good ? 200 : service_unavailable;
  response.set_content(std::string{words} + "\n", plain_text);
}

void declare_pages(httplib::Server& http, caf::actor_system& system,
                   const observed_actors& observed) {
  http.Get("/metrics", [&system, observed](const httplib::Request&, httplib::Response& response) {
    if (const auto all = ask(system, observed))
      response.set_content(metrics_text(all->rooms, all->gateways), prometheus_text);
    else
      answer(response, false, "the server does not answer");
  });
  http.Get("/healthz", [&system, observed](const httplib::Request&, httplib::Response& response) {
    const bool healthy = ask(system, observed).has_value();
    answer(response, healthy, healthy ? "ok" : "the server does not answer");
  });
  http.Get("/readyz", [&system, observed](const httplib::Request&, httplib::Response& response) {
    const auto all = ask(system, observed);
    const bool ready =
        all && std::none_of(all->gateways.begin(), all->gateways.end(),
                            [](const gateway_report& each) { return each.draining; });
    answer(response, ready, ready ? "ready" : "not ready");
  });
}

}  // namespace

std::unique_ptr<admin_port> admin_port::open(caf::actor_system& system, observed_actors observed,
                                             const std::string& address, std::uint16_t port) {
  auto http = std::make_unique<httplib::Server>();
  http->new_task_queue = [] { return new httplib::ThreadPool(threads); };
  // A thread serves one connection at a time: one that asks nothing must not hold it for long.
  http->set_keep_alive_max_count(1);
  http->set_read_timeout(client_seconds_max);
  http->set_write_timeout(client_seconds_max);
  declare_pages(*http, system, observed);
  std::unique_ptr<admin_port> result{new admin_port{std::move(http)}};
  if (port == 0) {
    const int found = result->http_->bind_to_any_port(address);
    if (found <= 0)
      return nullptr;
    result->port_ = static_cast<std::uint16_t>(found);
  } else {
    if (!result->http_->bind_to_port(address, port))
      return nullptr;
    result->port_ = port;
  }
  result->thread_ = std::thread{[&server = *result->http_] { server.listen_after_bind(); }};
  // The library's stop() has no effect before this.
  while (!result->http_->is_running())
    std::this_thread::yield();
  return result;
}

admin_port::admin_port(std::unique_ptr<httplib::Server> http) : http_(std::move(http)) {}

admin_port::~admin_port() {
  if (!thread_.joinable())
    return;
  http_->stop();
  thread_.join();
}

}  // namespace confab::server
