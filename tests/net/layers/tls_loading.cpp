// Certificates and keys in files: one that cannot be used gives a line that says what to do.

#include "tests/net/layers/tls_pair.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

#include <chrono>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace confab;
using namespace confab::test;

namespace {

struct files {
  temporary_folder folder;
  identity own = make_identity({});
  std::string certificate = folder.write("own.crt", pem_of(own.certificate));
  std::string key = folder.write("own.key", pem_of(own.key));
};

/// The line, or nothing if the files can be used.
std::string problem_with(const std::string& certificate, const std::string& key) {
  const auto outcome = load_tls_server(certificate, key);
  const auto* problem = std::get_if<std::string>(&outcome);
  if (problem == nullptr)
    return {};
  CHECK(problem->find('\n') == std::string::npos);
  CHECK(problem->find("error:") == std::string::npos);
  return *problem;
}

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  CHECK(text.find(part) != std::string::npos);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a certificate and its key load, and the end of the certificate is known") {
  const files all;
  const auto context = loaded(load_tls_server(all.certificate, all.key));
  using namespace std::chrono;
  const auto left = context->not_after() - floor<seconds>(system_clock::now());
  CHECK(left > hours{24 * 29});
  CHECK(left <= hours{24 * 30});
}

TEST_CASE("a file that is not there is named, and how to make it") {
  const files all;
  const auto nowhere = all.folder.file("nowhere");
  CHECK(has(problem_with(nowhere, all.key), "cannot read the certificate file " + nowhere));
  CHECK(has(problem_with(nowhere, all.key), "No such file"));
  CHECK(has(problem_with(nowhere, all.key), "scripts/make-certificate"));
  CHECK(has(problem_with(all.certificate, nowhere), "cannot read the key file " + nowhere));
}

TEST_CASE("a file that may not be read is named") {
  if (::geteuid() == 0) {
    SUCCEED("root may read everything");
    return;
  }
  const files all;
  ::chmod(all.key.c_str(), 0);
  CHECK(has(problem_with(all.certificate, all.key), "Permission denied"));
}

TEST_CASE("a folder is no file") {
  const files all;
  CHECK(has(problem_with("/tmp", all.key), "Is a directory"));
}

TEST_CASE("a file that is not PEM is told apart") {
  const files all;
  const auto other = all.folder.write("other", "hello");
  CHECK(has(problem_with(other, all.key), "is no certificate in the form PEM"));
  CHECK(has(problem_with(all.certificate, other), "is no private key in the form PEM"));
  CHECK(has(problem_with(all.folder.write("empty", ""), all.key), "is no certificate"));
}

TEST_CASE("exchanged files are told apart") {
  const files all;
  CHECK(has(problem_with(all.key, all.certificate), "are certificate and key exchanged?"));
  CHECK(has(problem_with(all.certificate, all.certificate), "are certificate and key exchanged?"));
}

TEST_CASE("a damaged certificate is told apart, also behind a good one") {
  const files all;
  const auto good = pem_of(all.own.certificate);
  auto bad = good;
  bad.replace(bad.size() / 2, 8, "!!!!!!!!");
  CHECK(has(problem_with(all.folder.write("bad", bad), all.key), "is damaged"));
  CHECK(has(problem_with(all.folder.write("bad", good + bad), all.key), "is damaged"));
}

TEST_CASE("a key that is locked with a password is told apart") {
  const files all;
  const auto locked = all.folder.write("locked", pem_of(all.own.key, "secret"));
  CHECK(has(problem_with(all.certificate, locked), "is locked with a password"));
}

TEST_CASE("a key of another certificate is told apart") {
  const files all;
  const auto other = all.folder.write("other.key", pem_of(make_key()));
  CHECK(has(problem_with(all.certificate, other), "does not belong to the first certificate"));
}

TEST_CASE("a weak key is refused") {
  const files all;
  const auto key = make_rsa_key(1024);
  const auto weak = make_identity({}, key);
  CHECK(has(problem_with(all.folder.write("weak.crt", pem_of(weak.certificate)),
                         all.folder.write("weak.key", pem_of(key))),
            "is too weak"));
}

TEST_CASE("an RSA key of 2048 bits is good") {
  const auto own = make_identity({}, make_rsa_key(2048));
  tls_pair pair{client_trusting(own), server_with(own)};
  pair.shake_hands();
  CHECK(pair.is_open());
}

TEST_CASE("an expired certificate loads with a warning") {
  const auto context = server_with(make_identity({"localhost", "DNS:localhost", -30, -1}));
  REQUIRE(context->warnings().size() == 2);
  CHECK(has(context->warnings()[0], "has expired"));
  CHECK(has(context->warnings()[1], "is signed by itself"));
}

TEST_CASE("a certificate without those that lead to a known one loads with a warning") {
  const auto root = make_identity({"root", "", -1, 30, true});
  const auto own = make_identity({}, &root);
  REQUIRE(server_with(own)->warnings().size() == 1);
  CHECK(has(server_with(own)->warnings()[0], "has no chain"));
  CHECK(server_with(own, pem_of(root.certificate))->warnings().empty());
}

TEST_CASE("a client without a file trusts what the system trusts") {
  const auto context = loaded(load_tls_client());
  CHECK_FALSE(context->is_server());
  const auto own = make_identity({});
  tls_pair pair{context, server_with(own)};
  pair.shake_hands();
  CHECK(pair.client.state == layer_state::broken);
}

TEST_CASE("a client's file of certificates that cannot be read is named") {
  const auto outcome = load_tls_client("/nowhere/ca.crt");
  REQUIRE(std::holds_alternative<std::string>(outcome));
  CHECK(has(std::get<std::string>(outcome), "/nowhere/ca.crt"));
}
