// What /metrics tells of links to other nodes (docs/limits.md).

#include "apps/server/metrics.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace confab;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

link_report link_to(const std::string& node) {
  link_report result;
  result.node = node;
  result.up = true;
  result.made = 3;
  result.lost = 2;
  result.healed = 1;
  result.ended = 4;
  result.round_trip = 1500us;
  result.news_under_way = 5;
  result.bytes_under_way = 6000;
  result.credit_bytes = 8 * 1024 * 1024;
  result.clients = 7;
  result.texts_to_catch_up = 8;
  return result;
}

}  // namespace

TEST_CASE("each number of a link stands in the metrics once for each node, with help and type") {
  auto down = link_to("three");
  down.up = false;
  const auto text = server::metrics_text({}, {}, {}, {link_to("two"), down});
  CAPTURE(text);
  const std::string lines[] = {"confab_cluster_link_up{peer=\"two\"} 1\n",
                               "confab_cluster_link_up{peer=\"three\"} 0\n",
                               "confab_cluster_links_made_total{peer=\"two\"} 3\n",
                               "confab_cluster_links_lost_total{peer=\"two\"} 2\n",
                               "confab_cluster_links_healed_total{peer=\"two\"} 1\n",
                               "confab_cluster_links_ended_total{peer=\"two\"} 4\n",
                               "confab_cluster_round_trip_seconds{peer=\"two\"} 0.0015\n",
                               "confab_cluster_under_way_news{peer=\"two\"} 5\n",
                               "confab_cluster_under_way_bytes{peer=\"two\"} 6000\n",
                               "confab_cluster_credit_bytes{peer=\"two\"} 8388608\n",
                               "confab_cluster_clients{peer=\"two\"} 7\n",
                               "confab_cluster_texts_to_catch_up{peer=\"two\"} 8\n"};
  for (const auto& line : lines) {
    CHECK(has(text, line));
    const auto name = line.substr(0, line.find('{'));
    CHECK(has(text, "# HELP " + name + " "));
    CHECK(has(text, "# TYPE " + name + (name.ends_with("_total") ? " counter\n" : " gauge\n")));
  }
}

TEST_CASE("every room is counted once: by the dialect of who made it, or as made elsewhere") {
  registry_report rooms;
  rooms.rooms = {{1, 2}, {2, 3}, {first_peer_gateway, 4}, {first_peer_gateway + 1, 5}};
  std::vector<gateway_report> gateways(2);
  gateways[0].id = 1;
  gateways[0].dialect = "irc";
  gateways[1].id = 2;
  gateways[1].dialect = "tagged";
  const auto text = server::metrics_text(rooms, gateways, {}, {link_to("two")});
  CAPTURE(text);
  CHECK(has(text, "confab_rooms{dialect=\"irc\"} 2\n"));
  CHECK(has(text, "confab_rooms{dialect=\"tagged\"} 3\n"));
  CHECK(has(text, "confab_rooms{dialect=\"other-node\"} 9\n"));
  CHECK_FALSE(has(server::metrics_text(rooms, gateways), "{dialect=\"other-node\"}"));
}

TEST_CASE("a server that stands alone tells of no links") {
  CHECK_FALSE(has(server::metrics_text({}, {}), "confab_cluster"));
}
