#include "io/gateway/incident_log.hpp"

#include "io/text/printable.hpp"

#include <utility>

#include <spdlog/spdlog.h>

namespace confab {

namespace {

/// What the log says of a limit.
std::string_view words_for(limit which) {
  switch (which) {
    case limit::connections:
      return "too many connections, one refused";
    case limit::connections_per_address:
      return "too many connections from one address, one refused";
    case limit::rooms:
      return "too many rooms, one refused";
    case limit::rooms_per_client:
      return "client in too many rooms, one refused";
    case limit::name_bytes:
      return "name too long, refused";
    case limit::input_rate:
      return "input comes too fast, paused";
    case limit::unread_replies:
      return "replies are not read, input paused";
    case limit::wrong_passwords:
      return "wrong password of a server operator, refused";
    case limit::waiting_passwords:
      return "too many passwords of server operators wait to be compared, one refused";
  }
  return "unknown";
}

}  // namespace

incident_log::incident_log(std::string_view dialect, std::shared_ptr<spdlog::logger> log,
                           gateway_report& counts)
    : dialect_(dialect), log_(std::move(log)), counts_(counts) {}

/// The user name is the client's own: it is made printable, and cut.
std::string incident_log::describe(const connection& whose) const {
  return dialect_ + " user '" + printable_name(whose.who ? whose.who->name : std::string{}) +
         "' at " + whose.address;
}

void incident_log::count(cut_reason why, std::size_t times) {
  counts_.cuts[static_cast<std::size_t>(why)] += times;
}

void incident_log::opened(const connection& whose) {
  log_->debug("opened: {} connection {} from {}", dialect_, whose.key, whose.address);
}

void incident_log::opening_failed(std::string_view address, std::string_view complaint,
                                  deadline_clock::time_point now) {
  if (now < opening_log_due_)
    return;
  opening_log_due_ = now + limit_log_span;
  log_->info("not opened: {} connection from {}: {}", counts_.listener, address, complaint);
}

void incident_log::logged_in(const connection& whose) {
  if (log_->should_log(spdlog::level::debug))
    log_->debug("login: connection {} is {}", whose.key, describe(whose));
}

void incident_log::closed(const connection& whose) {
  log_->debug("closed: {} connection {}", dialect_, whose.key);
}

void incident_log::limit_reached(const connection& whose, limit which,
                                 deadline_clock::time_point now) {
  ++counts_.limits_hit[static_cast<std::size_t>(which)];
  auto& due = limit_log_due_[static_cast<std::size_t>(which)];
  if (now < due)
    return;
  due = now + limit_log_span;
  log_->warn("limit reached: {}: {}", words_for(which), describe(whose));
}

void incident_log::slow_reader_cut(const connection& whose, cut_reason why) {
  count(why);
  log_->warn("slow reader cut: {} left {} bytes unread{}", describe(whose),
             whose.wire->out().size(),
             why == cut_reason::server_backlog ? "; the server holds too many" : "");
}

void incident_log::closing(const connection& whose, cut_reason why, std::string_view details) {
  count(why);
  if (why == cut_reason::login_deadline)
    log_->info("login deadline: closing {} connection from {}", dialect_, whose.address);
  else if (why == cut_reason::idle)
    log_->info("idle time-out: closing {}", describe(whose));
  else
    log_->info("closing {}: {}", describe(whose), details);
}

void incident_log::leaver_closed(const connection& whose, std::size_t undelivered_bytes) {
  log_->info("closing {}: it has left and does not read the last {} bytes", describe(whose),
             undelivered_bytes);
}

void incident_log::session_failed(const connection& whose) {
  log_->error("a session failed; closing {}", describe(whose));
}

void incident_log::shutdown_cut(std::size_t connections) {
  count(cut_reason::shutdown, connections);
  if (connections > 0)
    log_->warn("shutdown: {} {} connections did not read to the end", connections, dialect_);
}

}  // namespace confab
