#include "io/storage/sqlite.hpp"

#include <cerrno>
#include <utility>

namespace confab::storage {
namespace {

storage_trouble trouble_of(int code, int system_error) {
  if (system_error == ENOSPC || system_error == EDQUOT)
    return storage_trouble::full;
  switch (code) {
    case SQLITE_FULL:
      return storage_trouble::full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return storage_trouble::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_SCHEMA:
    case SQLITE_CONSTRAINT:
    case SQLITE_ERROR:  // A table is missing: our statements have no other mistake.
      return storage_trouble::damaged;
    default:
      return storage_trouble::failed;
  }
}

/// SQLite counts its memory under a lock, for nobody. Only before its first use it can be told; if
/// somebody else was first, it goes on counting.
void turn_statistics_off() {
  [[maybe_unused]] static const int told = ::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace

void throw_damaged(const std::string& what) {
  throw database_error{SQLITE_CORRUPT, {storage_trouble::damaged, what}};
}

connection::connection(const connection_settings& settings) {
  turn_statistics_off();
  sqlite3* opened = nullptr;
  const int code =
      ::sqlite3_open_v2(settings.path.c_str(), &opened,
                        settings.flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, settings.vfs);
  handle_.reset(opened);  // There is one even then, for the message.
  if (code != SQLITE_OK)
    fail(code);
  ::sqlite3_busy_timeout(opened, settings.busy_ms);
}

void connection::run(const char* sql) {
  const int code = ::sqlite3_exec(get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK)
    fail(code);
}

void connection::run(prepared& made, const char* sql) {
  if (!made) {
    sqlite3_stmt* handle = nullptr;
    const int code =
        ::sqlite3_prepare_v3(get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK)
      fail(code);
    made.reset(handle);
  }
  const int code = ::sqlite3_step(made.get());
  if (code != SQLITE_DONE) {
    ::sqlite3_reset(made.get());
    fail(code);
  }
  ::sqlite3_reset(made.get());
}

std::int64_t connection::number(const char* sql) {
  statement once{*this, sql};
  auto all = once.with();
  return all.next() ? all.integer(0) : 0;
}

void connection::fail(int code) const {
  const int system_error =
      handle_ && (code & 0xff) != SQLITE_CONSTRAINT ? ::sqlite3_system_errno(get()) : 0;
  const bool by_system = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
  storage_failure failure{trouble_of(code & 0xff, by_system ? system_error : 0),
                          ::sqlite3_errstr(code)};
  if (handle_ && ::sqlite3_errmsg(get()) != failure.detail)
    failure.detail += std::string{": "} + ::sqlite3_errmsg(get());
  throw database_error{code & 0xff, std::move(failure)};
}

void statement::prepare() {
  if (handle_)
    return;
  sqlite3_stmt* made = nullptr;
  check(
      ::sqlite3_prepare_v3(database_->get(), sql_, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr));
  handle_.reset(made);
}

bool statement::step() {
  const int code = ::sqlite3_step(handle_.get());
  if (code == SQLITE_ROW)
    return true;
  if (code != SQLITE_DONE)
    database_->fail(code);
  return false;
}

void statement::check(int code) {
  if (code != SQLITE_OK)
    database_->fail(code);
}

void statement::bind(int index, std::int64_t value) {
  check(::sqlite3_bind_int64(handle_.get(), index, value));
}

void statement::bind(int index, std::string_view value) {
  // A null pointer would be NULL.
  const char* const start = value.empty() ? "" : value.data();
  check(::sqlite3_bind_blob64(handle_.get(), index, start, value.size(), SQLITE_STATIC));
}

void statement::bind(int index, sql_text value) {
  const char* const start = value.value.empty() ? "" : value.value.data();
  check(::sqlite3_bind_text64(handle_.get(), index, start, value.value.size(), SQLITE_STATIC,
                              SQLITE_UTF8));
}

void statement::bind(int index, const std::optional<std::int64_t>& value) {
  if (value)
    bind(index, *value);
  else
    check(::sqlite3_bind_null(handle_.get(), index));
}

void statement::bind(int index, const std::optional<std::string_view>& value) {
  if (value)
    bind(index, *value);
  else
    check(::sqlite3_bind_null(handle_.get(), index));
}

std::int64_t statement::rows::integer(int column) const {
  return ::sqlite3_column_int64(owner_->handle_.get(), column);
}

bool statement::rows::is_null(int column) const {
  return ::sqlite3_column_type(owner_->handle_.get(), column) == SQLITE_NULL;
}

std::string_view statement::rows::bytes(int column) const {
  const auto* start =
      static_cast<const char*>(::sqlite3_column_blob(owner_->handle_.get(), column));
  const int size = ::sqlite3_column_bytes(owner_->handle_.get(), column);
  return start == nullptr ? std::string_view{}
                          : std::string_view{start, static_cast<std::size_t>(size)};
}

}  // namespace confab::storage
