// What a TLS server makes of a client's first bytes, and of those behind them.

#include "io/net/layers/tls_layer.hpp"

#include "tests/fuzz/layers.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temporary_folder.hpp"

#include <variant>

using namespace confab;

namespace {

tls_context_ptr make_context() {
  const auto own = test::make_identity({});
  const test::temporary_folder folder;
  return std::get<tls_context_ptr>(
      load_tls_server(folder.write("own.crt", test::pem_of(own.certificate)),
                      folder.write("own.key", test::pem_of(own.key))));
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  static const auto context = make_context();
  auto runs = run_layers([] { return std::make_unique<tls_layer>(context); }, input);
  for (auto& each : runs) {
    require(each.out.up.empty(), "nobody guesses a handshake");
    require(
        each.out.down.empty() || each.out.down.front() == '\x15' || each.out.down.front() == '\x16',
        "what is answered is an alert or a handshake");
    end(each);
  }
}
