#include "apps/server/history_command.hpp"

#include "apps/server/open_archive.hpp"
#include "io/storage/history_transfer.hpp"

#include <cstdint>
#include <istream>
#include <ostream>
#include <string>
#include <utility>
#include <variant>

#include <CLI/CLI.hpp>

namespace confab::server {

namespace {

int fail(const std::string& problem, std::ostream& err) {
  err << "server history: " << problem << '\n';
  return 1;
}

int export_from(const std::string& file, std::ostream& out, std::ostream& err) {
  const auto outcome = export_history(settings_of_history(file), out);
  if (const auto* problem = std::get_if<std::string>(&outcome))
    return fail(*problem, err);
  err << "exported " << std::get<std::uint64_t>(outcome) << " events\n";
  return 0;
}

int import_into(const std::string& file, std::istream& in, std::ostream& err) {
  auto opened = open_history(settings_of_history(file));
  if (const auto* problem = std::get_if<std::string>(&opened))
    return fail(*problem, err);
  const auto outcome = import_history(*std::get<history_files>(opened).writer, in);
  err << "imported " << outcome.kept << " events, skipped " << outcome.skipped
      << " that were there\n";
  return outcome.problem.empty() ? 0 : fail(outcome.problem, err);
}

int check(const std::string& file, std::ostream& out, std::ostream& err) {
  const auto problems = check_history(settings_of_history(file));
  for (const auto& each : problems)
    err << "server history: " << each << '\n';
  if (!problems.empty())
    return 1;
  out << file << " is sound\n";
  return 0;
}

}  // namespace

int run_history_command(int argc, const char* const* argv, std::istream& in, std::ostream& out,
                        std::ostream& err) {
  std::string file;
  CLI::App app{"What a server has kept, outside of the server.", "server history"};
  app.require_subcommand(1);
  auto* exporting = app.add_subcommand("export", "Write every event of FILE as a line of JSON");
  auto* importing =
      app.add_subcommand("import", "Keep such lines, read from the input, in FILE as well");
  auto* checking = app.add_subcommand("check", "Say whether FILE is sound");
  for (auto* each : {exporting, importing, checking})
    each->add_option("FILE", file, "What --history named")->required();
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::Success& done) {  // --help
    app.exit(done, out, err);
    return 0;
  } catch (const CLI::ParseError& mistake) {
    return fail(std::string{mistake.what()} + " (--help says what there is)", err);
  }
  if (*exporting)
    return export_from(file, out, err);
  return *importing ? import_into(file, in, err) : check(file, out, err);
}

}  // namespace confab::server
