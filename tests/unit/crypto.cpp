// Hashes of passwords, and what stands for addresses.

#include "io/crypto/cloak.hpp"
#include "io/crypto/password_hash.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace confab;

namespace {

/// Of Debian's argon2: echo -n operpassword | argon2 saltsaltsaltsalt -id -t 2 -k 32768 -p 1 -e
const std::string foreign_hash =
    "$argon2id$v=19$m=32768,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
    "f18Fax2WEMTLxPN1AcpVISJSUt0xBIaKZQj393FFtOQ";

cloak::key key_of(unsigned char first) {
  cloak::key result{};
  result[0] = first;
  return result;
}

bool is_host(const std::string& host) {
  return host.size() == 15 && host.ends_with(".ip") &&
         host.substr(0, 12).find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

TEST_CASE("a hash is that of its password and of no other one") {
  const auto hash = hash_password("operpassword");
  CHECK(is_password_hash(hash));
  CHECK(verify_password(hash, "operpassword"));
  for (const std::string wrong : {"", "operpasswor", "operpassword ", "Operpassword"})
    CHECK_FALSE(verify_password(hash, wrong));
}

TEST_CASE("two hashes of one password are not the same") {
  CHECK(hash_password("x") != hash_password("x"));
}

TEST_CASE("a hash is argon2id of 64 MiB, in one word of printable ASCII without a colon") {
  const auto hash = hash_password("x");
  CHECK(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  CHECK(std::all_of(hash.begin(), hash.end(),
                    [](char each) { return each > ' ' && each < 0x7f && each != ':'; }));
}

TEST_CASE("a password may hold any bytes, and NUL does not end it") {
  const std::string password{"a\0b\xff", 4};
  const auto hash = hash_password(password);
  CHECK(verify_password(hash, password));
  CHECK_FALSE(verify_password(hash, "a"));
}

TEST_CASE("a hash that another program has made is understood") {
  CHECK(is_password_hash(foreign_hash));
  CHECK(verify_password(foreign_hash, "operpassword"));
  CHECK_FALSE(verify_password(foreign_hash, "other"));
}

TEST_CASE("what is no hash of argon2id matches no password") {
  const auto hash = hash_password("x");
  std::vector<std::string> wrong{"",
                                 "x",
                                 "$argon2id$",
                                 "$argon2id$v=19$m=65536,t=2,p=1$",
                                 "$2a$04$bcryptbcryptbcryptbcryptbcryptbcryptbcryptbcryptbcryptb",
                                 "$argon2i" + hash.substr(9),
                                 " " + hash,
                                 hash + " ",
                                 hash + std::string(1, '\0'),
                                 hash + std::string(200, 'x'),
                                 hash.substr(0, hash.size() - 1) + "$"};
  for (const auto& each : wrong) {
    CAPTURE(each);
    CHECK_FALSE(is_password_hash(each));
    CHECK_FALSE(verify_password(each, "x"));
  }
}

TEST_CASE("a hash that costs much more than ours to compare is refused") {
  const std::string end = ",p=1$c2FsdHNhbHRzYWx0c2FsdA$" + std::string(43, 'A');
  CHECK(is_password_hash("$argon2id$v=19$m=65536,t=8" + end));
  CHECK_FALSE(is_password_hash("$argon2id$v=19$m=65537,t=2" + end));
  CHECK_FALSE(is_password_hash("$argon2id$v=19$m=65536,t=9" + end));
  CHECK_FALSE(is_password_hash("$argon2id$v=19$m=99999999999999999999,t=2" + end));
  CHECK_FALSE(is_password_hash("$argon2id$v=19$m=,t=2" + end));
  CHECK_FALSE(is_password_hash("$argon2id$v=19$m=-1,t=2" + end));
}

TEST_CASE("a host is 12 lower-case hexadecimal digits and .ip") {
  const cloak hidden;
  for (const std::string network : {"192.0.2.1", "2001:db8:1:2::/64", "", "x"})
    CHECK(is_host(hidden.host_for(network)));
}

TEST_CASE("a network has one host, and other networks have others") {
  const cloak hidden;
  CHECK(hidden.host_for("192.0.2.1") == hidden.host_for("192.0.2.1"));
  std::set<std::string> hosts;
  for (int last = 0; last < 256; ++last)
    hosts.insert(hidden.host_for("192.0.2." + std::to_string(last)));
  CHECK(hosts.size() == 256);
}

TEST_CASE("the hosts of one process say nothing about those of another one") {
  CHECK(cloak{}.host_for("192.0.2.1") != cloak{}.host_for("192.0.2.1"));
  CHECK(cloak{key_of(1)}.host_for("192.0.2.1") != cloak{key_of(2)}.host_for("192.0.2.1"));
}

// As by Python: hashlib.blake2b(b"192.0.2.1", digest_size=16, key=bytes([1]) + bytes(31))
TEST_CASE("with a given key the host is the same in every process") {
  CHECK(cloak{key_of(1)}.host_for("192.0.2.1") == "c7fbfbb9e863.ip");
}

TEST_CASE("a secret stands for one key, of which each byte of it counts") {
  const std::string secret = "sixteen bytes...";
  CHECK(cloak::key_of(secret) == cloak::key_of(secret));
  CHECK(cloak::key_of(secret) != cloak::key_of(secret + "."));
  CHECK(cloak::key_of(std::string(4096, 'x')) != cloak::key_of(std::string(4095, 'x')));
}

// As by Python: key = hashlib.blake2b(b"sixteen bytes...", digest_size=32).digest(), then
// hashlib.blake2b(b"192.0.2.1", digest_size=16, key=key)
TEST_CASE("with a given secret the host is the same in every process") {
  CHECK(cloak{cloak::key_of("sixteen bytes...")}.host_for("192.0.2.1") == "c4154a02be3f.ip");
}
