#include "tests/support/certificate_files.hpp"

#include "tests/support/process.hpp"

#include <stdexcept>

namespace confab::test {

void certificate_files::make(const std::string& common_name) {
  process openssl{"/usr/bin/openssl",
                  {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                   "-keyout", key_, "-out", certificate_, "-days", "365", "-subj",
                   "/CN=" + common_name, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"}};
  openssl.close_input();
  if (openssl.wait() != 0)
    throw std::runtime_error{"openssl made no certificate: " + openssl.errors()};
}

}  // namespace confab::test
