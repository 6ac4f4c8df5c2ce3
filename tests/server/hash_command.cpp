// `server --hash-password`.

#include "apps/server/hash_command.hpp"

#include "io/crypto/password_hash.hpp"
#include "tests/support/catch.hpp"

#include <sstream>
#include <string>

using namespace confab;

namespace {

/// How the command ended, and what it said.
struct result {
  int code;
  std::string output;
  std::string errors;
};

result hash(const std::string& input) {
  std::istringstream in{input};
  std::ostringstream out;
  std::ostringstream err;
  const int code = server::hash_password_from(in, out, err);
  return {code, out.str(), err.str()};
}

/// Whether the hash that was printed for this input is that of the password.
bool is_hashed_as(const std::string& input, const std::string& password) {
  const auto [code, output, errors] = hash(input);
  REQUIRE(code == 0);
  CHECK(errors.empty());
  REQUIRE(output.ends_with('\n'));
  return verify_password(output.substr(0, output.size() - 1), password);
}

}  // namespace

TEST_CASE("option --hash-password prints the hash of the first line, in one line") {
  CHECK(is_hashed_as("secret\n", "secret"));
  CHECK(is_hashed_as("secret", "secret"));
  CHECK(is_hashed_as("secret\r\n", "secret"));
  CHECK(is_hashed_as("two words \nmore\n", "two words "));
}

TEST_CASE("option --hash-password refuses an empty password with one line and exit code 1") {
  for (const std::string input : {"", "\n", "\r\n", "\nsecret\n"}) {
    const auto [code, output, errors] = hash(input);
    CHECK(code == 1);
    CHECK(output.empty());
    CHECK(errors == "server: the password is empty\n");
  }
}

TEST_CASE("option --hash-password refuses what no client can send") {
  for (const std::string& input :
       {std::string{"a\x01"
                    "b"},
        std::string{"a\0b", 3}, std::string{"\xff"}, std::string(401, 'x')}) {
    const auto [code, output, errors] = hash(input + "\n");
    CHECK(code == 1);
    CHECK(output.empty());
    CHECK(errors.starts_with("server: the password "));
    CHECK(errors.find('\n') == errors.size() - 1);
  }
}

TEST_CASE("option --hash-password: a hash that cannot be written is a failure") {
  std::istringstream in{"secret\n"};
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  std::ostringstream err;
  CHECK(server::hash_password_from(in, out, err) == 1);
  CHECK(err.str() == "server: cannot write the hash\n");
}
