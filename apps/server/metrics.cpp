#include "apps/server/metrics.hpp"

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

constexpr std::string_view cut_reason_names[cut_reasons] = {"slow_reader", "server_backlog",
                                                            "login_deadline", "idle", "shutdown"};

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

/// One number of every gateway.
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
     MetricType::Counter, [](const gateway_report& g) { return static_cast<double>(g.refused); }},
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
};

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

family pauses(const std::vector<gateway_report>& gateways) {
  family result{"confab_input_pauses_total",
                "Times that a connection was not read from, by reason.", MetricType::Counter};
  for (const auto& gateway : gateways) {
    result.add({{"dialect", gateway.dialect}, {"reason", "unread_replies"}},
               static_cast<double>(gateway.pauses_unread_replies));
    result.add({{"dialect", gateway.dialect}, {"reason", "input_rate"}},
               static_cast<double>(gateway.pauses_input_rate));
  }
  return result;
}

family one_number(std::string name, std::string help, std::size_t value) {
  family result{std::move(name), std::move(help), MetricType::Gauge};
  result.add({}, static_cast<double>(value));
  return result;
}

}  // namespace

std::string metrics_text(const registry_report& rooms,
                         const std::vector<gateway_report>& gateways) {
  std::vector<MetricFamily> families;
  for (const auto& number : gateway_numbers) {
    family each{number.name, number.help, number.type};
    for (const auto& gateway : gateways)
      each.add({{"dialect", gateway.dialect}}, number.value(gateway));
    families.push_back(each.take());
  }
  families.push_back(one_number("confab_rooms", "Rooms.", rooms.rooms).take());
  families.push_back(one_number("confab_rooms_kept_vacant", "Created rooms that nobody is in.",
                                rooms.vacant_kept_rooms)
                         .take());
  families.push_back(cuts(gateways).take());
  families.push_back(pauses(gateways).take());
  families.push_back(mailboxes(rooms, gateways).take());
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace confab::server
