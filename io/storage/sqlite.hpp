#pragma once

#include "actors/history_storage.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <sqlite3.h>
#include <string>
#include <string_view>

/// SQLite in the words of this folder. Inside of it errors are exceptions; none leaves it.
namespace confab::storage {

/// What SQLite, or our own look at its answers, did not like.
class database_error : public std::exception {
 public:
  database_error(int code, storage_failure failure) : code_(code), failure_(std::move(failure)) {}

  const char* what() const noexcept override { return failure_.detail.c_str(); }
  int code() const { return code_; }  ///< The primary result code, such as SQLITE_FULL.
  const storage_failure& failure() const { return failure_; }

 private:
  int code_;
  storage_failure failure_;
};

/// The file holds something that we never write.
[[noreturn]] void throw_damaged(const std::string& what);

/// How to open a file.
struct connection_settings {
  std::string path;
  const char* vfs = nullptr;  ///< By which SQLite reaches files; null: the system's.
  int flags = SQLITE_OPEN_READWRITE;
  int busy_ms = 2000;  ///< How long to wait for somebody else's lock.
};

/// An open database. Used by one thread.
class connection {
 public:
  explicit connection(const connection_settings& settings);

  sqlite3* get() const { return handle_.get(); }

  /// Runs statements that need no values, and ignores what they return.
  void run(const char* sql);

  /// The first value that a statement returns; 0 if there is none.
  std::int64_t number(const char* sql);

  /// Statements that every transaction needs, prepared once.
  void begin_to_write() { run(begin_to_write_, "BEGIN IMMEDIATE"); }
  void begin_to_read() { run(begin_to_read_, "BEGIN"); }
  void commit() { run(commit_, "COMMIT"); }

  bool is_in_transaction() const { return ::sqlite3_get_autocommit(get()) == 0; }

  /// Throws what the last call that failed means.
  [[noreturn]] void fail(int code) const;

 private:
  struct closer {
    void operator()(sqlite3* handle) const { ::sqlite3_close_v2(handle); }
  };
  struct finalizer {
    void operator()(sqlite3_stmt* handle) const { ::sqlite3_finalize(handle); }
  };
  using prepared = std::unique_ptr<sqlite3_stmt, finalizer>;
  void run(prepared& made, const char* sql);

  std::unique_ptr<sqlite3, closer> handle_;
  prepared begin_to_write_, begin_to_read_, commit_;
};

/// A value of SQLite's type TEXT. All that came from outside is bound as BLOB, which a plain
/// `std::string_view` means, and comes back byte for byte.
struct sql_text {
  std::string_view value;
};

/// A prepared statement, made at its first use.
class statement {
 public:
  statement(connection& database, const char* sql) : database_(&database), sql_(sql) {}

  /// The rows of one run. The statement is reset when they go.
  class rows {
   public:
    explicit rows(statement& owner) : owner_(&owner) {}
    rows(const rows&) = delete;
    rows& operator=(const rows&) = delete;
    ~rows() { ::sqlite3_reset(owner_->handle_.get()); }

    bool next() { return owner_->step(); }
    std::int64_t integer(int column) const;
    bool is_null(int column) const;
    std::string_view bytes(int column) const;  ///< Until the next row.

   private:
    statement* owner_;
  };

  /// Starts a run with these values for the statement's parameters, which outlive the run.
  template <class... Values>
  [[nodiscard]] rows with(const Values&... values) {
    prepare();
    int index = 0;
    (bind(++index, values), ...);
    return rows{*this};
  }

  /// A run whose rows nobody wants.
  template <class... Values>
  void run(const Values&... values) {
    auto all = with(values...);
    while (all.next()) {
    }
  }

 private:
  struct finalizer {
    void operator()(sqlite3_stmt* handle) const { ::sqlite3_finalize(handle); }
  };

  void prepare();
  bool step();
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value);
  void bind(int index, sql_text value);
  void bind(int index, const std::string& value) { bind(index, std::string_view{value}); }
  void bind(int index, const std::optional<std::int64_t>& value);
  void bind(int index, const std::optional<std::string_view>& value);
  void check(int code);

  connection* database_;
  const char* sql_;
  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

/// What may be undone. Rolls back when it goes without having been committed.
class transaction {
 public:
  /// Sees one state of the file from its first look on, and writes nothing.
  struct reading {};
  static constexpr reading only_reads{};

  explicit transaction(connection& database) : database_(database) { database_.begin_to_write(); }
  transaction(connection& database, reading) : database_(database) { database_.begin_to_read(); }
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  ~transaction() {
    // SQLite may have rolled back by itself.
    if (database_.is_in_transaction())
      ::sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }

  void commit() { database_.commit(); }

 private:
  connection& database_;
};

}  // namespace confab::storage
