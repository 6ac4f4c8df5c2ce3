// The header of the PROXY protocol: who speaks through the proxy.

#include "io/net/layers/proxy_header.hpp"

#include "io/net/layers/ip_network.hpp"
#include "tests/fuzz/layers.hpp"

using namespace confab;

void fuzz::try_input(const split_input& input) {
  auto runs = run_layers([] { return std::make_unique<proxy_header>(); }, input);
  for (auto& each : runs) {
    require(each.out.down.empty(), "a proxy is not answered");
    if (const auto address = each.layer->client_address())
      require(ip_address::parse(*address).has_value(), "the client's address is one");
    require(each.out.up.empty() || each.state == layer_state::open,
            "nothing goes up without a header");
    require(input.all.ends_with(each.out.up), "what goes up is the rest of the input");
    end(each);
  }
}
