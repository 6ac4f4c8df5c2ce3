#include "tests/support/certificate_files.hpp"

#include "tests/support/process.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace confab::test {

certificate_files::certificate_files() {
  folder_ = (std::filesystem::temp_directory_path() / "confab-tls-XXXXXX").string();
  if (::mkdtemp(folder_.data()) == nullptr)
    throw std::system_error{errno, std::generic_category(), "mkdtemp"};
  certificate_ = folder_ + "/server.crt";
  key_ = folder_ + "/server.key";
}

certificate_files::~certificate_files() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

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
