#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11 calls it so.
class App;
}  // namespace CLI

/// What the person who starts the server may choose of its history.
namespace confab::server {

/// What was said is kept for so long, and shown to whoever comes.
struct history_options {
  std::string file;  ///< Empty: nothing is kept.
  /// Texts are answered when they survive a loss of power; else when they survive the end of the
  /// server.
  bool is_synced = true;
  std::int64_t days_max = 0;     ///< 0: for ever.
  std::size_t texts_max = 0;     ///< Of each room; 0: all.
  std::size_t bytes_max = 0;     ///< In all; 0: as the disk allows.
  std::size_t replay_texts = 0;  ///< That whoever comes into a room gets; 0: none.
};

/// No more can be shown to whoever comes into a room.
inline constexpr std::size_t replay_texts_max = 100;

/// Declares `--history` and what belongs to it.
void declare_history_options(CLI::App& app, history_options& chosen);

/// What is wrong with them together, in one line; nothing: they are right.
std::optional<std::string> problem_of(const history_options& chosen);

}  // namespace confab::server
