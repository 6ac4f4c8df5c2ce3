#pragma once

#include "actors/archive.hpp"
#include "actors/archive_reader.hpp"
#include "tests/storage/history_samples.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <caf/all.hpp>

/// A real history for a node in a test, without a thread.
namespace confab::test {

/// What the clocks of such nodes show. These tests run in one thread.
inline std::int64_t history_time_ms = 1'700'000'000'000;
inline std::int64_t history_now_ms() {
  return history_time_ms;
}
inline std::int64_t history_now_us() {
  return history_time_ms * 1000;
}

/// A disk that can be full for a while.
class fillable_writer final : public history_writer {
 public:
  explicit fillable_writer(std::unique_ptr<history_writer> real) : real_(std::move(real)) {}

  bool is_full = false;

  storage_outcome keep(std::span<const std::shared_ptr<const event_batch>> kept) override {
    return is_full ? storage_outcome{full()} : real_->keep(kept);
  }
  storage_result<text_origin> origin_of(const std::string& room, const message_id& id) override {
    return real_->origin_of(room, id);
  }
  storage_result<bool> redact(const std::string& room, const message_id& id) override {
    return real_->redact(room, id);
  }
  storage_result<bool> tidy(const history_retention& limits, std::int64_t now_ms) override {
    return real_->tidy(limits, now_ms);
  }
  storage_size size() const override { return real_->size(); }
  storage_result<std::uint64_t> keep_missing(const missing_events& missing,
                                             const history_retention& limits,
                                             std::int64_t now_ms) override {
    if (is_full)
      return full();
    return real_->keep_missing(missing, limits, now_ms);
  }

 private:
  static storage_failure full() { return {storage_trouble::full, "full"}; }

  std::unique_ptr<history_writer> real_;
};

/// The history of one node, in a file of its own, and the actors that use it.
class node_history {
 public:
  node_history(caf::actor_system& system, history_retention limits) {
    auto settings = settings_of(folder_.file());
    settings.is_synced = false;
    auto files = opened(settings);
    writer_ = std::make_shared<fillable_writer>(std::move(files.writer));
    reader_ = std::move(files.reader);
    archive_reader_settings reading;
    reading.reader = reader_;
    reading.now_us = &history_now_us;
    reading.retention = limits;
    reading.now_ms = &history_now_ms;
    archive_settings keeping;
    keeping.reader = system.spawn(
        archive_reader<archive_reader_actor::stateful_pointer<std::optional<archive_reader_state>>>,
        std::move(reading));
    keeping.writer = writer_;
    keeping.retention = limits;
    keeping.now_ms = &history_now_ms;
    keeping.now_us = &history_now_us;
    keeping.tidy_interval = std::chrono::milliseconds{0};
    archive_ =
        system.spawn(confab::archive<archive_actor::stateful_pointer<std::optional<archive_state>>>,
                     std::move(keeping));
  }

  archive_actor archive() const { return archive_; }
  fillable_writer& writer() { return *writer_; }
  history_reader& reader() { return *reader_; }

  /// All that is kept of a room.
  std::vector<std::string> all(const std::string& room) {
    return described(all_of(*reader_, room));
  }

 private:
  scratch_folder folder_;
  std::shared_ptr<fillable_writer> writer_;
  std::shared_ptr<history_reader> reader_;
  archive_actor archive_;
};

}  // namespace confab::test
