// What the log says of the server's certificate: docs/tls.md, "A new certificate".

#include "apps/server/layering.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/temporary_folder.hpp"

#include <memory>
#include <sstream>
#include <string>
#include <variant>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

using namespace confab::server;
using namespace confab::test;

namespace {

/// A server with a certificate, signed by an authority, that ends in so many days.
class certified_server {
 public:
  explicit certified_server(int days_left) {
    const auto authority = make_identity({.name = "authority", .is_authority = true});
    const auto own = make_identity({.from_days = -90, .to_days = days_left}, &authority);
    chosen_.layers.certificate_file =
        folder_.write("own.crt", pem_of(own.certificate) + pem_of(authority.certificate));
    chosen_.layers.key_file = folder_.write("own.key", pem_of(own.key));
  }

  /// What is logged when it has started.
  std::string logged_at_start() const {
    return logged_by([](const auto& layers, auto& log) { layers.log_certificate(log); });
  }
  /// What is logged once a day.
  std::string logged_daily() const {
    return logged_by([](const auto& layers, auto& log) { layers.log_end_of_certificate(log); });
  }

 private:
  template <class Call>
  std::string logged_by(Call call) const {
    const auto layering = make_layering(chosen_);
    REQUIRE(std::holds_alternative<listener_layering>(layering));
    std::ostringstream out;
    spdlog::logger log{"test", std::make_shared<spdlog::sinks::ostream_sink_st>(out)};
    log.set_pattern("%v");
    call(std::get<listener_layering>(layering), log);
    return out.str();
  }

  temporary_folder folder_;
  options chosen_;
};

}  // namespace

TEST_CASE(
    "from 30 days before the end of the certificate on, the log warns daily and at the start") {
  const certified_server server{10};
  for (const auto& line : {server.logged_daily(), server.logged_at_start()}) {
    INFO(line);
    CHECK(line.find("own.crt ends in 9 days; put a new one there and send SIGHUP") !=
          std::string::npos);
  }
}

TEST_CASE("a certificate that has ended meanwhile is told daily") {
  const certified_server server{-1};
  CHECK(server.logged_daily().find("own.crt has ended; put a new one there") != std::string::npos);
  CHECK(server.logged_at_start().find("has expired: clients will refuse it") != std::string::npos);
}

TEST_CASE("a certificate that is good for long is not worth a line a day") {
  const certified_server server{40};
  CHECK(server.logged_daily().empty());
  CHECK(server.logged_at_start().empty());
}

TEST_CASE("a server without a certificate says nothing of it") {
  const listener_layering layers{options{}, nullptr};
  std::ostringstream out;
  spdlog::logger log{"test", std::make_shared<spdlog::sinks::ostream_sink_st>(out)};
  layers.log_certificate(log);
  layers.log_end_of_certificate(log);
  CHECK(out.str().empty());
}
