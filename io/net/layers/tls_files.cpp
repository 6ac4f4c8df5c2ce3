#include "io/net/layers/tls_files.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <system_error>

namespace confab {

namespace {

/// More than any chain or key needs, less than somebody's disk image.
constexpr std::size_t file_bytes_max = 1024 * 1024;

struct file_closer {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

/// What a file is to be.
struct expected_file {
  const std::string& path;
  std::string what;
  const std::string& where_from;
};

std::string what_to_do(int error, const std::string& where_from) {
  if (error == ENOENT && !where_from.empty())
    return "; " + where_from;
  if (error == EACCES)
    return "; let the user that the server runs as read it";
  return {};
}

std::string unreadable(const expected_file& file, int error) {
  return "cannot read the " + file.what + " file " + file.path + ": " +
         std::generic_category().message(error) + what_to_do(error, file.where_from);
}

/// The bytes of a file, or the line that says why there are none.
using file_content = std::variant<std::string, std::string>;

file_content failure(std::string line) {
  return file_content{std::in_place_index<1>, std::move(line)};
}

file_content read_file(const expected_file& expected) {
  const std::unique_ptr<std::FILE, file_closer> file{std::fopen(expected.path.c_str(), "rbe")};
  if (!file)
    return failure(unreadable(expected, errno));
  std::string bytes;
  std::array<char, 4096> piece{};
  std::size_t count = 0;
  while ((count = std::fread(piece.data(), 1, piece.size(), file.get())) > 0) {
    bytes.append(piece.data(), count);
    if (bytes.size() > file_bytes_max)
      return failure(expected.path +
                     " has more than 1 MiB: it is no file with certificates or keys");
  }
  if (std::ferror(file.get()) != 0)
    return failure(unreadable(expected, errno));
  return file_content{std::in_place_index<0>, std::move(bytes)};
}

bio_ptr reader_of(const std::string& bytes) {
  bio_ptr result{::BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
  if (!result)
    throw std::bad_alloc{};
  return result;
}

int no_password(char*, int, int, void*) {
  return -1;
}

std::string not_a_certificate(const std::string& path, const std::string& bytes) {
  if (bytes.find("-----BEGIN CERTIFICATE-----") != std::string::npos)
    return "the certificate in " + path + " is damaged: copy the file again";
  if (bytes.find("PRIVATE KEY-----") != std::string::npos)
    return path + " holds a key and no certificate: are certificate and key exchanged?";
  return path + " is no certificate in the form PEM: 'openssl x509 -inform DER -in FILE -out " +
         "NEW_FILE' makes it of one in the form DER";
}

std::string not_a_key(const std::string& path, const std::string& bytes) {
  if (bytes.find("ENCRYPTED") != std::string::npos)
    return "the key in " + path + " is locked with a password: 'openssl pkey -in FILE -out " +
           "NEW_FILE' unlocks it";
  if (bytes.find("PRIVATE KEY-----") != std::string::npos)
    return "the key in " + path + " is damaged: copy the file again";
  if (bytes.find("-----BEGIN CERTIFICATE-----") != std::string::npos)
    return path + " holds a certificate and no key: are certificate and key exchanged?";
  return path + " is no private key in the form PEM: 'openssl pkey -inform DER -in FILE -out " +
         "NEW_FILE' makes it of one in the form DER";
}

}  // namespace

std::variant<std::vector<certificate_ptr>, std::string> read_certificates(
    const std::string& path, const std::string& where_from) {
  auto content = read_file({path, "certificate", where_from});
  if (content.index() == 1)
    return std::get<1>(std::move(content));
  const auto& bytes = std::get<0>(content);
  const auto from = reader_of(bytes);
  std::vector<certificate_ptr> result;
  ::ERR_clear_error();
  while (auto* next = ::PEM_read_bio_X509(from.get(), nullptr, no_password, nullptr))
    result.emplace_back(next);
  const auto why = ::ERR_peek_last_error();
  ::ERR_clear_error();
  const bool at_end = ERR_GET_LIB(why) == ERR_LIB_PEM && ERR_GET_REASON(why) == PEM_R_NO_START_LINE;
  if (result.empty() || !at_end)
    return not_a_certificate(path, bytes);
  return result;
}

std::variant<key_ptr, std::string> read_private_key(const std::string& path,
                                                    const std::string& where_from) {
  auto content = read_file({path, "key", where_from});
  if (content.index() == 1)
    return std::get<1>(std::move(content));
  auto& bytes = std::get<0>(content);
  ::ERR_clear_error();
  key_ptr key{::PEM_read_bio_PrivateKey(reader_of(bytes).get(), nullptr, no_password, nullptr)};
  ::ERR_clear_error();
  std::variant<key_ptr, std::string> result{std::move(key)};
  if (!std::get<0>(result))
    result = not_a_key(path, bytes);
  ::OPENSSL_cleanse(bytes.data(), bytes.size());
  return result;
}

}  // namespace confab
