#include "apps/server/metrics.hpp"

#include "apps/server/link_metrics.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <string_view>
#include <utility>

namespace confab::server {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

using labels = std::vector<ClientMetric::Label>;

constexpr std::string_view cut_reason_names[cut_reasons] = {
    "slow_reader", "server_backlog", "login_deadline", "idle", "offence", "shutdown"};

constexpr std::string_view limit_names[limit_kinds] = {
    "connections", "connections_per_address", "rooms",           "rooms_per_client", "name_bytes",
    "input_rate",  "unread_replies",          "wrong_passwords", "waiting_passwords"};

/// Collects families of one number for each label.
class family {
 public:
  family(std::string name, std::string help, MetricType type)
      : family_{std::move(name), std::move(help), type, {}} {}

  void add(labels which, double value) {
    ClientMetric metric;
    metric.label = std::move(which);
    if (family_.type == MetricType::Counter)
      metric.counter.value = value;
    else
      metric.gauge.value = value;
    family_.metric.push_back(std::move(metric));
  }

  MetricFamily take() { return std::move(family_); }

 private:
  MetricFamily family_;
};

double refused_connections(const gateway_report& gateway) {
  double result = 0;
  for (const auto which : {limit::connections, limit::connections_per_address})
    result += static_cast<double>(gateway.limits_hit[static_cast<std::size_t>(which)]);
  return result;
}

/// Counts `other` in `sum`, as if the two were one.
void add(const gateway_report& other, gateway_report& sum) {
  sum.connections += other.connections;
  sum.accepted += other.accepted;
  sum.texts_in += other.texts_in;
  sum.deliveries_out += other.deliveries_out;
  sum.bytes_in += other.bytes_in;
  sum.bytes_out += other.bytes_out;
  sum.backlog_bytes += other.backlog_bytes;
  sum.held_bytes += other.held_bytes;
  sum.credit_bytes += other.credit_bytes;
  sum.mailbox_messages += other.mailbox_messages;
  for (std::size_t i = 0; i < cut_reasons; ++i)
    sum.cuts[i] += other.cuts[i];
  for (std::size_t i = 0; i < limit_kinds; ++i)
    sum.limits_hit[i] += other.limits_hit[i];
  sum.opening += other.opening;
  sum.openings_failed += other.openings_failed;
  sum.openings_timed_out += other.openings_timed_out;
  sum.openings_pushed_out += other.openings_pushed_out;
}

/// The gateways that have the same `name` as one.
std::vector<gateway_report> summed_by(std::string gateway_report::*name,
                                      const std::vector<gateway_report>& gateways) {
  std::vector<gateway_report> result;
  for (const auto& each : gateways) {
    const auto same = std::find_if(result.begin(), result.end(), [&](const gateway_report& other) {
      return other.*name == each.*name;
    });
    if (same == result.end())
      result.push_back(each);
    else
      add(each, *same);
  }
  return result;
}

/// One number of every dialect, or of every listener.
struct gateway_number {
  const char* name;
  const char* help;
  MetricType type;
  double (*value)(const gateway_report&);
};

constexpr gateway_number gateway_numbers[] = {
    {"confab_connections", "Open connections.", MetricType::Gauge,
     [](const gateway_report& g) { return static_cast<double>(g.connections); }},
    {"confab_connections_accepted_total", "Connections admitted.", MetricType::Counter,
     [](const gateway_report& g) { return static_cast<double>(g.accepted); }},
    {"confab_connections_refused_total", "Connections refused because a limit was reached.",
     MetricType::Counter, &refused_connections},
    {"confab_texts_in_total", "Texts that clients said.", MetricType::Counter,
     [](const gateway_report& g) { return static_cast<double>(g.texts_in); }},
    {"confab_deliveries_out_total", "Room events queued for readers.", MetricType::Counter,
     [](const gateway_report& g) { return static_cast<double>(g.deliveries_out); }},
    {"confab_input_bytes_total", "Bytes read from clients.", MetricType::Counter,
     [](const gateway_report& g) { return static_cast<double>(g.bytes_in); }},
    {"confab_output_bytes_total", "Bytes queued for clients.", MetricType::Counter,
     [](const gateway_report& g) { return static_cast<double>(g.bytes_out); }},
    {"confab_backlog_bytes", "Bytes queued that clients have not taken yet.", MetricType::Gauge,
     [](const gateway_report& g) { return static_cast<double>(g.backlog_bytes); }},
    {"confab_output_held_bytes", "Memory that the backlog takes up.", MetricType::Gauge,
     [](const gateway_report& g) { return static_cast<double>(g.held_bytes); }},
    {"confab_output_credit_bytes", "Memory that the backlog may take up for now.",
     MetricType::Gauge,
     [](const gateway_report& g) { return static_cast<double>(g.credit_bytes); }},
};

/// Of a listener, whatever it speaks.
constexpr gateway_number listener_numbers[] = {
    {"confab_listener_connections", "Open connections.", MetricType::Gauge,
     [](const gateway_report& g) { return static_cast<double>(g.connections); }},
    {"confab_listener_connections_accepted_total", "Connections admitted.", MetricType::Counter,
     [](const gateway_report& g) { return static_cast<double>(g.accepted); }},
    {"confab_listener_input_bytes_total", "Bytes read from clients.", MetricType::Counter,
     [](const gateway_report& g) { return static_cast<double>(g.bytes_in); }},
    {"confab_listener_output_bytes_total", "Bytes queued for clients.", MetricType::Counter,
     [](const gateway_report& g) { return static_cast<double>(g.bytes_out); }},
    {"confab_listener_opening", "Connections that are not open yet, for example in a handshake.",
     MetricType::Gauge, [](const gateway_report& g) { return static_cast<double>(g.opening); }},
};

/// Connections that never came so far that a client could say who it is.
family openings_ended(const std::vector<gateway_report>& gateways) {
  family result{"confab_listener_openings_ended_total",
                "Connections that ended before they were open, by reason.", MetricType::Counter};
  for (const auto& gateway : gateways) {
    const std::pair<const char*, std::uint64_t> reasons[] = {
        {"failed", gateway.openings_failed},
        {"timed_out", gateway.openings_timed_out},
        {"pushed_out", gateway.openings_pushed_out}};
    for (const auto& [reason, count] : reasons)
      result.add({{"listener", gateway.listener}, {"reason", reason}}, static_cast<double>(count));
  }
  return result;
}

family certificates(const std::vector<gateway_report>& gateways) {
  family result{"confab_tls_certificate_expiry_seconds",
                "When the certificate of a listener ends, in seconds of Unix time.",
                MetricType::Gauge};
  for (const auto& gateway : gateways)
    if (gateway.certificate_ends_s != 0)
      result.add({{"listener", gateway.listener}}, static_cast<double>(gateway.certificate_ends_s));
  return result;
}

family mailboxes(const registry_report& rooms, const std::vector<gateway_report>& gateways) {
  family result{"confab_mailbox_messages", "Messages that wait in the mailbox of an actor.",
                MetricType::Gauge};
  result.add({{"actor", "registry"}}, static_cast<double>(rooms.mailbox_messages));
  for (const auto& gateway : gateways)
    result.add({{"actor", "gateway_" + gateway.dialect}},
               static_cast<double>(gateway.mailbox_messages));
  return result;
}

family cuts(const std::vector<gateway_report>& gateways) {
  family result{"confab_cuts_total", "Connections that the server ended, by reason.",
                MetricType::Counter};
  for (const auto& gateway : gateways)
    for (std::size_t reason = 0; reason < cut_reasons; ++reason)
      result.add({{"dialect", gateway.dialect}, {"reason", std::string{cut_reason_names[reason]}}},
                 static_cast<double>(gateway.cuts[reason]));
  return result;
}

family limits_hit(const std::vector<gateway_report>& gateways) {
  family result{"confab_limits_hit_total",
                "Times that a client was refused or paused because of a limit, by limit.",
                MetricType::Counter};
  for (const auto& gateway : gateways)
    for (std::size_t which = 0; which < limit_kinds; ++which)
      result.add({{"dialect", gateway.dialect}, {"limit", std::string{limit_names[which]}}},
                 static_cast<double>(gateway.limits_hit[which]));
  return result;
}

/// Every room of this node is counted once. In a cluster, some were made by clients of other nodes.
family rooms_by_dialect(const registry_report& rooms, const std::vector<gateway_report>& gateways,
                        bool has_peers) {
  family result{"confab_rooms",
                "Rooms, by the dialect of the client that made them; other-node: a client of "
                "another node did.",
                MetricType::Gauge};
  std::map<std::string, double> counts;
  for (const auto& gateway : gateways) {
    const auto found = rooms.rooms.find(gateway.id);
    counts[gateway.dialect] += found != rooms.rooms.end() ? static_cast<double>(found->second) : 0;
  }
  for (const auto& [dialect, count] : counts)
    result.add({{"dialect", dialect}}, count);
  std::size_t elsewhere = 0;
  for (const auto& [made_by, count] : rooms.rooms)
    elsewhere += made_by >= first_peer_gateway ? count : 0;
  if (has_peers)
    result.add({{"dialect", "other-node"}}, static_cast<double>(elsewhere));
  return result;
}

family one_number(std::string name, std::string help, std::size_t value) {
  family result{std::move(name), std::move(help), MetricType::Gauge};
  result.add({}, static_cast<double>(value));
  return result;
}

family one_count(std::string name, std::string help, std::uint64_t value) {
  family result{std::move(name), std::move(help), MetricType::Counter};
  result.add({}, static_cast<double>(value));
  return result;
}

/// `unit` is what one is of the values in the histogram.
MetricFamily distribution(std::string name, std::string help, const histogram& values,
                          double unit) {
  ClientMetric metric;
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < histogram::buckets; ++i) {
    so_far += values.in_bucket(i);
    metric.histogram.bucket.push_back({so_far, static_cast<double>(histogram::bound(i)) * unit});
  }
  metric.histogram.sample_count = values.count();
  metric.histogram.sample_sum = static_cast<double>(values.sum()) * unit;
  return {std::move(name), std::move(help), MetricType::Histogram, {std::move(metric)}};
}

void add_archive(const archive_report& archive, std::vector<MetricFamily>& families) {
  constexpr double seconds_per_us = 1e-6;
  families.push_back(
      one_number("confab_history_events", "Events that are kept.", archive.events).take());
  families.push_back(
      one_number("confab_history_rooms", "Rooms of which something is kept.", archive.rooms)
          .take());
  families.push_back(
      one_number("confab_history_bytes", "What the events that are kept take.", archive.bytes)
          .take());
  families.push_back(one_number("confab_history_failing",
                                "1 while what is said cannot be kept and is refused.",
                                archive.failing ? 1 : 0)
                         .take());
  families.push_back(one_number("confab_history_mailbox_messages",
                                "Messages that wait in the mailbox of the archive.",
                                archive.mailbox_messages)
                         .take());
  families.push_back(one_count("confab_history_batches_kept_total",
                               "Batches of events that were kept.", archive.batches_kept)
                         .take());
  families.push_back(one_count("confab_history_batches_refused_total",
                               "Batches of events that could not be kept.", archive.batches_unkept)
                         .take());
  families.push_back(distribution("confab_history_commit_seconds",
                                  "How long it took to keep what came together.", archive.commit_us,
                                  seconds_per_us));
  families.push_back(distribution("confab_history_commit_batches",
                                  "How many batches of events were kept together.",
                                  archive.commit_batches, 1));
}

}  // namespace

std::string metrics_text(const registry_report& rooms, const std::vector<gateway_report>& all,
                         const std::optional<archive_report>& archive,
                         const std::vector<link_report>& links) {
  std::vector<MetricFamily> families;
  const auto gateways = summed_by(&gateway_report::dialect, all);
  const auto listeners = summed_by(&gateway_report::listener, all);
  for (const auto& number : gateway_numbers) {
    family each{number.name, number.help, number.type};
    for (const auto& gateway : gateways)
      each.add({{"dialect", gateway.dialect}}, number.value(gateway));
    families.push_back(each.take());
  }
  families.push_back(rooms_by_dialect(rooms, all, !links.empty()).take());
  families.push_back(one_number("confab_rooms_kept_vacant", "Created rooms that nobody is in.",
                                rooms.vacant_kept_rooms)
                         .take());
  families.push_back(cuts(gateways).take());
  families.push_back(limits_hit(gateways).take());
  families.push_back(mailboxes(rooms, gateways).take());
  for (const auto& number : listener_numbers) {
    family each{number.name, number.help, number.type};
    for (const auto& listener : listeners)
      each.add({{"listener", listener.listener}}, number.value(listener));
    families.push_back(each.take());
  }
  families.push_back(openings_ended(listeners).take());
  families.push_back(certificates(listeners).take());
  if (archive)
    add_archive(*archive, families);
  add_links(links, families);
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace confab::server
