#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <sqlite3.h>
#include <string>
#include <vector>

namespace confab::test {

/// What goes wrong with files.
enum class fault : std::uint8_t {
  none,
  write_error,  ///< Nothing is written.
  short_write,  ///< Half of it is written.
  full,         ///< Some calls long nothing can be written.
  sync_error,   ///< The next call that should make things durable fails.
  cut,          ///< Power is lost in the middle of the call: nothing works any more.
};

/// Files that fail as they are told, and forget at a cut what nobody made durable: each such write
/// may be there, or not, or in parts. A way for SQLite to reach files, as long as it lives.
class faulty_vfs {
 public:
  faulty_vfs();
  faulty_vfs(const faulty_vfs&) = delete;
  faulty_vfs& operator=(const faulty_vfs&) = delete;
  ~faulty_vfs();

  const char* name() const { return name_.c_str(); }

  /// Has this happen at a call that changes a file, or makes it durable; the first is number 1.
  void plan(fault what, std::size_t at_call, std::size_t calls_long = 1);

  /// Has all files that are open fail from now on; those that are opened later do not.
  void break_open_files() { ++epoch_; }

  /// How many such calls there were since the plan.
  std::size_t calls() const { return calls_; }
  bool is_cut() const { return is_cut_; }

  /// After a cut, once all files are closed: makes them what is left of them.
  void power_up(std::uint64_t seed);

 private:
  friend struct faulty_file;

  /// A write or, without bytes, a new size.
  struct change {
    sqlite3_int64 offset = 0;
    std::string bytes;
    bool is_size = false;
  };
  struct tracked_file {
    std::string durable;
    std::vector<change> since;  ///< What may be lost.
  };

  static void apply(const change& what, std::string& image);
  fault next_call(bool is_sync);
  tracked_file& track(const std::string& path);

  std::string name_;
  sqlite3_vfs vfs_{};
  sqlite3_vfs* system_;
  std::map<std::string, tracked_file> files_;
  fault planned_ = fault::none;
  std::size_t at_call_ = 0;
  std::size_t calls_long_ = 1;
  std::size_t calls_ = 0;
  bool is_cut_ = false;
  int epoch_ = 0;
};

}  // namespace confab::test
