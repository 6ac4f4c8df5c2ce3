#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace confab::test {

/// A folder of its own for one test, gone with its object, with all that is in it.
class temporary_folder {
 public:
  temporary_folder() : temporary_folder(std::filesystem::temp_directory_path()) {}
  /// In this folder instead of among the other temporary ones.
  explicit temporary_folder(const std::filesystem::path& place)
      : path_((place / "confab-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr)
      throw std::system_error{errno, std::generic_category(), "mkdtemp " + path_};
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  /// The path of `name` in it, by default that of a history. It need not be there.
  std::string file(std::string_view name = "history") const {
    return path_ + "/" + std::string{name};
  }
  /// Writes a file with this content. Returns its path.
  std::string write(std::string_view name, std::string_view content) const {
    std::ofstream{file(name), std::ios::binary} << content;
    return file(name);
  }

 private:
  std::string path_;
};

}  // namespace confab::test
