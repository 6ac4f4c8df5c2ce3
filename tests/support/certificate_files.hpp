#pragma once

#include "tests/support/temporary_folder.hpp"

#include <string>

namespace confab::test {

/// A folder of its own with certificates, made by OpenSSL's program, gone with its object.
class certificate_files {
 public:
  /// Makes a certificate for localhost and 127.0.0.1 that is signed by itself and has this common
  /// name. What was there is replaced.
  void make(const std::string& common_name);

  const std::string& certificate() const { return certificate_; }
  const std::string& key() const { return key_; }
  std::string folder() const { return folder_.path(); }

 private:
  temporary_folder folder_;
  std::string certificate_ = folder_.file("server.crt");
  std::string key_ = folder_.file("server.key");
};

}  // namespace confab::test
