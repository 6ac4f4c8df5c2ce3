#include "apps/server/admin_pages.hpp"

#include "apps/server/ask_links.hpp"
#include "apps/server/metrics.hpp"
#include "apps/server/page/embedded_page.hpp"
#include "io/net/layers/web_site.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include <caf/all.hpp>

namespace confab::server {

namespace {

/// The actors answer within microseconds; if they do not, that is what `/healthz` is for.
constexpr std::chrono::milliseconds answer_span{1000};
constexpr std::chrono::milliseconds archive_span{200};

constexpr unsigned not_found = 404;
constexpr unsigned service_unavailable = 503;

http_page words(std::string_view text, unsigned status = 200) {
  return {status, "text/plain; charset=utf-8", std::string{text} + "\n"};
}

http_page page_of(const embedded_file& file) {
  http_page result{200, std::string{file.content_type}, std::string{file.bytes}};
  for (const auto& [name, value] : page_security_fields())
    result.fields.emplace_back(name, value);
  return result;
}

http_page no_answer() {
  return words("the server does not answer", service_unavailable);
}

}  // namespace

admin_pages::admin_pages(caf::actor_system& system, observed_actors observed)
    : system_(system), observed_(std::move(observed)), inbox_(system) {}

http_page admin_pages::page(std::string_view path) {
  take_news();
  if (path == "/metrics")
    return metrics();
  if (path == "/healthz")
    return healthz();
  if (path == "/readyz")
    return readyz();
  if (path == "/rooms.json")
    return rooms();
  for (const auto& file : embedded_rooms_page())
    if (file.path == path || (path == "/rooms" && file.path == "/rooms.html"))
      return page_of(file);
  return words("there are /rooms, /metrics, /healthz and /readyz", not_found);
}

void admin_pages::take_news() {
  inbox_->receive([this](opened_gateways& news) { observed_.gateways = std::move(news.all); },
                  caf::after(std::chrono::seconds{0}) >> [] {});
}

http_page admin_pages::metrics() {
  const auto all = ask();
  if (!all)
    return no_answer();
  return {
      200, "text/plain; version=0.0.4; charset=utf-8",
      metrics_text(all->rooms, all->gateways, ask_archive(), ask_links(system_, observed_.peers))};
}

http_page admin_pages::healthz() {
  return ask() ? words("ok") : no_answer();
}

/// The largest rooms, as many as the page shows and one more, from which it learns that there are
/// more.
http_page admin_pages::rooms() {
  constexpr std::size_t rooms_max = 501;
  if (silent_)
    return no_answer();
  auto list = nlohmann::json::array();
  caf::scoped_actor self{system_};
  self->request(observed_.registry, answer_span, list_atom::value, rooms_max)
      .receive(
          [&](const room_page& page) {
            for (const auto& each : page.rooms)
              list.push_back(
                  {{"name", each.name}, {"members", each.members}, {"topic", each.topic}});
          },
          [this](caf::error&) { silent_ = true; });
  if (silent_)
    return no_answer();
  // Names of course clients may be any bytes.
  return {200, "application/json",
          list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

http_page admin_pages::readyz() {
  const auto all = ask();
  const bool ready = all && !all->gateways.empty() &&
                     std::none_of(all->gateways.begin(), all->gateways.end(),
                                  [](const gateway_report& each) { return each.draining; });
  return ready ? words("ready") : words("not ready", service_unavailable);
}

/// Asks all actors at once; returns nothing if one of them does not answer in time.
std::optional<admin_pages::reports> admin_pages::ask() {
  if (silent_)
    return std::nullopt;
  caf::scoped_actor self{system_};
  reports result;
  const auto on_error = [this](caf::error&) { silent_ = true; };
  auto rooms = self->request(observed_.registry, answer_span, report_atom::value);
  std::vector<decltype(self->request(observed_.gateways.front(), answer_span, report_atom::value))>
      answers;
  for (const auto& gateway : observed_.gateways)
    answers.push_back(self->request(gateway, answer_span, report_atom::value));
  rooms.receive([&](registry_report& report) { result.rooms = std::move(report); }, on_error);
  for (auto& answer : answers)
    answer.receive([&](gateway_report& report) { result.gateways.push_back(std::move(report)); },
                   on_error);
  if (silent_)
    return std::nullopt;
  return result;
}

/// The disk may take its time: then its numbers are left out this once.
std::optional<archive_report> admin_pages::ask_archive() {
  std::optional<archive_report> result;
  if (!observed_.archive)
    return result;
  caf::scoped_actor self{system_};
  self->request(observed_.archive, archive_span, report_atom::value)
      .receive([&](archive_report& report) { result = report; }, [](caf::error&) {});
  return result;
}

}  // namespace confab::server
