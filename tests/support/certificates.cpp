#include "tests/support/certificates.hpp"

#include <cstdio>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace confab::test {

namespace {

void must(bool holds, const char* what) {
  if (!holds)
    throw std::runtime_error{std::string{"cannot make a certificate: "} + what};
}

test_key owned(EVP_PKEY* key) {
  must(key != nullptr, "key");
  return {key, [](EVP_PKEY* each) { ::EVP_PKEY_free(each); }};
}

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  auto* extension = ::X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  must(extension != nullptr, value.c_str());
  ::X509_add_ext(certificate, extension, -1);
  ::X509_EXTENSION_free(extension);
}

std::string content_of(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  std::string result(data, static_cast<std::size_t>(size));
  ::BIO_free(bio);
  return result;
}

}  // namespace

test_key make_key() {
  return owned(EVP_EC_gen("P-256"));
}
test_key make_rsa_key(unsigned bits) {
  return owned(EVP_RSA_gen(bits));
}

identity make_identity(const certificate_plan& plan, const identity* issuer) {
  return make_identity(plan, make_key(), issuer);
}

identity make_identity(const certificate_plan& plan, const test_key& key, const identity* issuer) {
  constexpr long day_seconds = 24L * 60 * 60;
  static long serial = 0;
  const identity result{{::X509_new(), [](X509* each) { ::X509_free(each); }}, key};
  auto* certificate = result.certificate.get();
  ::X509_set_version(certificate, X509_VERSION_3);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate), ++serial);
  ::X509_gmtime_adj(X509_getm_notBefore(certificate), plan.from_days * day_seconds);
  ::X509_gmtime_adj(X509_getm_notAfter(certificate), plan.to_days * day_seconds);
  ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(plan.name.c_str()), -1, -1,
                               0);
  auto* signer = issuer != nullptr ? issuer->certificate.get() : certificate;
  ::X509_set_issuer_name(certificate, ::X509_get_subject_name(signer));
  ::X509_set_pubkey(certificate, key.get());
  if (plan.is_authority)
    add_extension(certificate, signer, NID_basic_constraints, "critical,CA:TRUE");
  if (!plan.alternatives.empty())
    add_extension(certificate, signer, NID_subject_alt_name, plan.alternatives);
  auto* signing_key = issuer != nullptr ? issuer->key.get() : key.get();
  must(::X509_sign(certificate, signing_key, ::EVP_sha256()) != 0, "signature");
  return result;
}

std::string pem_of(const test_certificate& certificate) {
  auto* bio = ::BIO_new(::BIO_s_mem());
  ::PEM_write_bio_X509(bio, certificate.get());
  return content_of(bio);
}

std::string pem_of(const test_key& key, const char* password) {
  auto* bio = ::BIO_new(::BIO_s_mem());
  ::PEM_write_bio_PKCS8PrivateKey(bio, key.get(),
                                  password != nullptr ? ::EVP_aes_128_cbc() : nullptr, nullptr, 0,
                                  nullptr, const_cast<char*>(password));
  return content_of(bio);
}

}  // namespace confab::test
