#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;
struct x509_st;

/// Certificates for tests, made by OpenSSL in memory and written into a folder.
namespace confab::test {

using test_key = std::shared_ptr<evp_pkey_st>;
using test_certificate = std::shared_ptr<x509_st>;

/// What a certificate says. Times in days from now.
struct certificate_plan {
  std::string name = "localhost";                           ///< Its subject.
  std::string alternatives = "DNS:localhost,IP:127.0.0.1";  ///< Of its subject; empty: none.
  int from_days = -1;
  int to_days = 30;
  bool is_authority = false;
};

struct identity {
  test_certificate certificate;
  test_key key;
};

test_key make_key();
test_key make_rsa_key(unsigned bits);

/// Signed by `issuer`, or by itself if there is none.
identity make_identity(const certificate_plan& plan, const identity* issuer = nullptr);
identity make_identity(const certificate_plan& plan, const test_key& key,
                       const identity* issuer = nullptr);

std::string pem_of(const test_certificate& certificate);
std::string pem_of(const test_key& key, const char* password = nullptr);

}  // namespace confab::test
