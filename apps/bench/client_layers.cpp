#include "apps/bench/client_layers.hpp"

#include "apps/bench/failure.hpp"
#include "apps/bench/websocket_client.hpp"
#include "io/net/layers/tls_context.hpp"
#include "io/net/layers/tls_layer.hpp"

#include <cstdint>
#include <openssl/ssl.h>
#include <utility>
#include <variant>

namespace confab::bench {
namespace {

/// A client that goes on writing while the server does not read is not to fill our memory.
constexpr std::size_t outgoing_bytes_max = 256 * 1024;

tls_context_ptr make_context(const std::string& trusted_file) {
  if (trusted_file.empty()) {
    auto context =
        std::make_shared<tls_context>(tls_context::side::client, confab::protocol_names{});
    ::SSL_CTX_set_verify(context->native(), SSL_VERIFY_NONE, nullptr);
    return context;
  }
  auto outcome = load_tls_client(trusted_file);
  if (const auto* problem = std::get_if<std::string>(&outcome))
    throw failure("--ca: " + *problem);
  return std::get<tls_context_ptr>(std::move(outcome));
}

}  // namespace

client_layers::client_layers(std::vector<std::unique_ptr<byte_layer>> layers, bool awaits_greeting)
    : awaits_greeting_(awaits_greeting) {
  for (auto& layer : layers)
    members_.push_back({std::move(layer)});
}

void client_layers::start() {
  std::string nothing;
  if (!awaits_greeting_)
    pass_up(0, {}, nothing);
}

void client_layers::take(std::string_view bytes, std::string& plain) {
  if (awaits_greeting_) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos)
      return;
    bytes.remove_prefix(end + 1);
    awaits_greeting_ = false;
    start();
  }
  if (!bytes.empty())
    pass_up(0, bytes, plain);
}

void client_layers::pass_up(std::size_t index, std::string_view bytes, std::string& plain) {
  auto& taker = members_[index];
  const bool is_top = index + 1 == members_.size();
  layer_output said;
  if (is_top)
    said.up = std::move(plain);  // What is for the adapter is written where it is wanted.
  const bool was_opening = taker.state == layer_state::opening;
  taker.state = taker.layer->take(bytes, said);
  if (is_top)
    plain = std::move(said.up);
  pass_down(index, said.down);
  if (taker.state == layer_state::broken)
    throw failure(std::string{taker.layer->complaint()});
  if (taker.state > layer_state::open)
    throw failure("the server closed a connection");
  if (is_top)
    return;
  if (was_opening && taker.state == layer_state::open)
    pass_up(index + 1, {}, plain);  // It says its first words.
  if (!said.up.empty())
    pass_up(index + 1, said.up, plain);
}

/// What the layer `index` says passes through those below it.
void client_layers::pass_down(std::size_t index, std::string_view bytes) {
  if (bytes.empty())
    return;
  if (index == 0) {
    outgoing_ += bytes;
    return;
  }
  std::string sealed;
  members_[index - 1].layer->seal(bytes, sealed);
  pass_down(index - 1, sealed);
}

std::string& client_layers::outgoing(std::string& plain) {
  if (is_open() && outgoing_.size() < outgoing_bytes_max) {
    pass_down(members_.size(), plain);
    plain.clear();
  }
  return outgoing_;
}

layer_maker layers_for(const bench_options& options, const protocol_adapter& protocol) {
  if (!options.tls && !options.websocket)
    return {};
  const auto context = options.tls ? make_context(options.trusted_file) : nullptr;
  const auto use = options.websocket ? protocol.websocket() : std::nullopt;
  const bool awaits_greeting = options.tls && !use && protocol.greets_before_tls();
  const auto authority = options.host + ':' + std::to_string(options.port);
  return [=, host = options.host, count = std::uint32_t{0}]() mutable {
    std::vector<std::unique_ptr<byte_layer>> layers;
    if (context)
      layers.push_back(std::make_unique<tls_layer>(context, host));
    if (use)
      layers.push_back(std::make_unique<websocket_client>(*use, authority, ++count));
    return std::make_unique<client_layers>(std::move(layers), awaits_greeting);
  };
}

}  // namespace confab::bench
