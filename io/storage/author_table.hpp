#pragma once

#include "actors/model/identity.hpp"
#include "io/storage/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>

/// Who said things: each form of an identity is one row, which its events refer to.
namespace confab::storage {

/// So many are remembered by who writes, and by who reads. Then all are forgotten.
inline constexpr std::size_t remembered_authors_max = 4096;

/// Finds or makes the rows of authors, within the transaction of the caller.
class author_writer {
 public:
  explicit author_writer(connection& database);

  /// The row of this author, for so many more events; null means an identity without anything.
  std::int64_t use(const identity_ptr& who, std::int64_t events = 1);

  /// This many events that referred to the row are gone.
  void release(std::int64_t id, std::int64_t events) { pending_[id] -= events; }

  /// Writes how often rows are used now, and removes those that are not: before each commit.
  void write_uses();

  /// Forgets what it knew: the transaction has failed.
  void forget();

 private:
  std::int64_t find_or_add(const identity& who);

  /// By the object: who speaks keeps it until something changes.
  std::unordered_map<identity_ptr, std::int64_t> known_;
  std::unordered_map<std::int64_t, std::int64_t> pending_;  ///< Uses that are not yet written.
  statement find_, add_, count_, remove_;
};

/// Tells who the rows are.
class author_reader {
 public:
  using dialect_finder = std::string_view (*)(std::string_view);

  author_reader(connection& database, dialect_finder dialect_of);

  identity_ptr find(std::int64_t id);

 private:
  dialect_finder dialect_of_;
  std::unordered_map<std::int64_t, identity_ptr> known_;
  statement find_;
};

}  // namespace confab::storage
