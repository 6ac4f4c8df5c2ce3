// A connection that begins with HTTP and becomes a WebSocket.

#include "io/net/layers/web_layer.hpp"

#include "tests/fuzz/layers.hpp"
#include "tests/net/layers/web_world.hpp"

using namespace confab;

namespace {

web_site_ptr site() {
  web_rules rules;
  rules.trusted_proxies = {*ip_network::parse("127.0.0.0/8"), *ip_network::parse("10.0.0.0/8")};
  rules.message_bytes_max = 64;
  web_files files;
  files["/"] = {"text/html", "\"i\"", "<p>", "packed"};
  return std::make_shared<const web_site>(std::move(files), std::move(rules));
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  static const auto shared = site();
  auto runs = run_layers([] { return std::make_unique<web_layer>(shared, "127.0.0.1"); }, input);
  for (auto& each : runs) {
    require(each.layer->form() == runs[0].layer->form(), "the output has the same form");
    require(each.out.up.empty() || each.out.up.ends_with('\n'), "only whole lines go up");
    const bool upgraded = each.layer->form() != output_form::lines;
    require(upgraded || each.out.up.empty(), "nothing goes up before the upgrade");
    require(upgraded || !each.layer->client_address(),
            "who speaks through the proxy is known with the upgrade");
    end(each);
  }
}
