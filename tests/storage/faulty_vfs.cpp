#include "tests/storage/faulty_vfs.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace confab::test {

/// An open file: SQLite allocates it with that of the system behind it.
struct faulty_file {
  sqlite3_file base;
  faulty_vfs* owner;
  faulty_vfs::tracked_file* tracked;  ///< Null: a temporary file, which does not fail.

  int epoch;  ///< Of its owner, when it was opened.

  static faulty_file* of(sqlite3_file* file) { return reinterpret_cast<faulty_file*>(file); }
  static sqlite3_file* real(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(faulty_file));
  }
  static const sqlite3_io_methods& methods(sqlite3_file* file) { return *real(file)->pMethods; }

  static bool is_broken(sqlite3_file* file) { return of(file)->epoch != of(file)->owner->epoch_; }

  static int close(sqlite3_file* file) {
    return real(file)->pMethods != nullptr ? methods(file).xClose(real(file)) : SQLITE_OK;
  }

  static int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    if (of(file)->owner->is_cut_ || is_broken(file))
      return SQLITE_IOERR_READ;
    return methods(file).xRead(real(file), out, size, offset);
  }

  static int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    if (is_broken(file))
      return SQLITE_IOERR_WRITE;
    auto* tracked = of(file)->tracked;
    if (tracked == nullptr)
      return methods(file).xWrite(real(file), data, size, offset);
    const auto what = of(file)->owner->next_call(false);
    const int written = what == fault::short_write || what == fault::cut   ? size / 2
                        : what == fault::none || what == fault::sync_error ? size
                                                                           : 0;
    int code = SQLITE_OK;
    if (written > 0) {
      tracked->since.push_back(
          {offset, {static_cast<const char*>(data), static_cast<std::size_t>(written)}, false});
      code = methods(file).xWrite(real(file), data, written, offset);
    }
    if (written == size)
      return code;
    return what == fault::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (auto* tracked = of(file)->tracked; tracked != nullptr) {
      const auto what = of(file)->owner->next_call(false);
      if (what != fault::none && what != fault::full)
        return SQLITE_IOERR_TRUNCATE;
      tracked->since.push_back({size, {}, true});
    }
    return methods(file).xTruncate(real(file), size);
  }

  static int sync(sqlite3_file* file, int) {
    auto* tracked = of(file)->tracked;
    if (tracked == nullptr)
      return SQLITE_OK;
    const auto what = of(file)->owner->next_call(true);
    if (what != fault::none && what != fault::full)
      return SQLITE_IOERR_FSYNC;
    for (const auto& each : tracked->since)
      faulty_vfs::apply(each, tracked->durable);
    tracked->since.clear();
    return SQLITE_OK;  // The real disk need not know.
  }

  static int size(sqlite3_file* file, sqlite3_int64* out) {
    return methods(file).xFileSize(real(file), out);
  }
  static int lock(sqlite3_file* file, int level) { return methods(file).xLock(real(file), level); }
  static int unlock(sqlite3_file* file, int level) {
    return methods(file).xUnlock(real(file), level);
  }
  static int is_reserved(sqlite3_file* file, int* out) {
    return methods(file).xCheckReservedLock(real(file), out);
  }
  static int control(sqlite3_file* file, int what, void* argument) {
    return methods(file).xFileControl(real(file), what, argument);
  }
  static int sector_size(sqlite3_file*) { return 512; }
  static int characteristics(sqlite3_file*) { return 0; }  // Nothing is promised.
  static int map(sqlite3_file* file, int region, int bytes, int extend, void volatile** out) {
    return methods(file).xShmMap(real(file), region, bytes, extend, out);
  }
  static int lock_map(sqlite3_file* file, int offset, int count, int flags) {
    return methods(file).xShmLock(real(file), offset, count, flags);
  }
  static void order_map(sqlite3_file* file) { methods(file).xShmBarrier(real(file)); }
  static int unmap(sqlite3_file* file, int removes) {
    return methods(file).xShmUnmap(real(file), removes);
  }

  static constexpr sqlite3_io_methods all{
      2,      close,       read,    write,       truncate,        sync, size,     lock,
      unlock, is_reserved, control, sector_size, characteristics, map,  lock_map, order_map,
      unmap,  nullptr,     nullptr};

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* given) {
    auto* owner = static_cast<faulty_vfs*>(vfs->pAppData);
    of(file)->owner = owner;
    of(file)->tracked = nullptr;
    of(file)->epoch = owner->epoch_;
    file->pMethods = nullptr;
    std::memset(real(file), 0, static_cast<std::size_t>(owner->system_->szOsFile));
    if (owner->is_cut_)
      return SQLITE_CANTOPEN;
    const int code = owner->system_->xOpen(owner->system_, path, real(file), flags, given);
    if (code != SQLITE_OK)
      return code;
    file->pMethods = &all;
    if (path != nullptr)
      of(file)->tracked = &owner->track(path);
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* path, int syncs_folder) {
    auto* owner = static_cast<faulty_vfs*>(vfs->pAppData);
    if (owner->is_cut_)
      return SQLITE_IOERR_DELETE;
    owner->files_.erase(path);
    return owner->system_->xDelete(owner->system_, path, syncs_folder);
  }
};

faulty_vfs::faulty_vfs()
    : name_("faulty-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))),
      system_(::sqlite3_vfs_find(nullptr)) {
  vfs_ = *system_;
  vfs_.szOsFile = static_cast<int>(sizeof(faulty_file)) + system_->szOsFile;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.pNext = nullptr;
  vfs_.xOpen = &faulty_file::open;
  vfs_.xDelete = &faulty_file::remove;
  ::sqlite3_vfs_register(&vfs_, 0);
}

faulty_vfs::~faulty_vfs() {
  ::sqlite3_vfs_unregister(&vfs_);
}

void faulty_vfs::plan(fault what, std::size_t at_call, std::size_t calls_long) {
  planned_ = what;
  at_call_ = at_call;
  calls_long_ = calls_long;
  calls_ = 0;
}

fault faulty_vfs::next_call(bool is_sync) {
  ++calls_;
  if (is_cut_)
    return fault::cut;
  if (planned_ == fault::none || calls_ < at_call_)
    return fault::none;
  if (planned_ == fault::sync_error) {
    if (!is_sync)
      return fault::none;
    planned_ = fault::none;
    return fault::sync_error;
  }
  if (planned_ == fault::cut) {
    is_cut_ = true;
    return fault::cut;
  }
  return calls_ < at_call_ + calls_long_ ? planned_ : fault::none;
}

faulty_vfs::tracked_file& faulty_vfs::track(const std::string& path) {
  const auto [found, is_new] = files_.try_emplace(path);
  if (is_new) {
    std::ifstream in{path, std::ios::binary};
    found->second.durable = {std::istreambuf_iterator<char>{in}, {}};
  }
  return found->second;
}

void faulty_vfs::apply(const change& what, std::string& image) {
  const auto offset = static_cast<std::size_t>(what.offset);
  if (what.is_size) {
    image.resize(offset);
    return;
  }
  if (image.size() < offset + what.bytes.size())
    image.resize(offset + what.bytes.size());
  image.replace(offset, what.bytes.size(), what.bytes);
}

void faulty_vfs::power_up(std::uint64_t seed) {
  constexpr std::size_t sector = 512;
  std::mt19937_64 chance{seed};
  for (auto& [path, file] : files_) {
    if (!std::filesystem::exists(path))
      continue;
    auto image = file.durable;
    for (const auto& each : file.since) {
      const auto luck = chance() % 3;
      if (luck == 0)
        continue;
      if (luck == 1 || each.is_size) {
        apply(each, image);
        continue;
      }
      for (std::size_t start = 0; start < each.bytes.size(); start += sector)
        if (chance() % 2 == 0)
          apply({each.offset + static_cast<sqlite3_int64>(start), each.bytes.substr(start, sector),
                 false},
                image);
    }
    std::ofstream{path, std::ios::binary | std::ios::trunc} << image;
  }
  files_.clear();
  planned_ = fault::none;
  is_cut_ = false;
}

}  // namespace confab::test
