#include "apps/server/history_options.hpp"

#include <CLI/CLI.hpp>

namespace confab::server {

namespace {

constexpr std::int64_t days_most = 36'500;
constexpr std::size_t bytes_least = std::size_t{1} << 20;

}  // namespace

void declare_history_options(CLI::App& app, history_options& chosen) {
  app.add_option("--history", chosen.file,
                 "Keep what is said in rooms in this file (default: nothing is kept)")
      ->type_name("FILE");
  app.add_option_function<std::string>(
         "--history-sync",
         [&chosen](const std::string& text) { chosen.is_synced = text == "full"; },
         "full: a text is answered when it survives a loss of power; off: when it survives the end "
         "of the server (default: full)")
      ->check(CLI::IsMember({"full", "off"}).description(""))
      ->type_name("full|off");
  app.add_option("--history-days", chosen.days_max,
                 "Forget what is older than so many days (default: 0, never)")
      ->check(CLI::Range(std::int64_t{0}, days_most).description(""))
      ->type_name("N");
  app.add_option("--history-texts", chosen.texts_max,
                 "Keep no more events than this of one room (default: 0, all)")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1} << 40).description(""))
      ->type_name("N");
  app.add_option("--history-bytes", chosen.bytes_max,
                 "Keep no more than this in all (default: 0, as the disk allows)")
      ->transform(CLI::AsSizeValue(false).description(""))
      ->check(CLI::Range(std::size_t{0}, std::size_t{1} << 50).description(""))
      ->type_name("BYTES");
  app.add_option("--replay", chosen.replay_texts,
                 "Send whoever comes into a room its last texts, so many (default: 0, none)")
      ->check(CLI::Range(std::size_t{0}, replay_texts_max).description(""))
      ->type_name("N");
}

std::optional<std::string> problem_of(const history_options& chosen) {
  if (chosen.bytes_max > 0 && chosen.bytes_max < bytes_least)
    return "--history-bytes: no less than 1MiB, or 0";
  const bool wants_history = chosen.days_max > 0 || chosen.texts_max > 0 || chosen.bytes_max > 0 ||
                             chosen.replay_texts > 0 || !chosen.is_synced;
  if (chosen.file.empty() && wants_history)
    return "--history is missing: without it nothing is kept";
  return std::nullopt;
}

}  // namespace confab::server
