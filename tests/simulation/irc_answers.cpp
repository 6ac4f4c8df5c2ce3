#include "tests/simulation/irc_answers.hpp"

#include <map>

namespace confab::simulation {

bool says_more(const irc_line& line) {
  static const std::set<std::string> numbers{
      "002", "003", "004", "005", "251", "252", "253", "254", "255", "265", "266",  "375",
      "372", "376", "422", "221", "332", "333", "730", "731", "CAP", "ACK", "BATCH"};
  return numbers.contains(line.command);
}

const std::set<std::string>& answers_to(meaning what) {
  static const std::map<meaning, std::set<std::string>> all{
      {meaning::log_in, {"001", "432", "433", "462"}},
      {meaning::rename, {"001", "432", "433"}},
      {meaning::join, {"353", "366", "403", "405", "437", "471", "473", "474", "475", "479"}},
      {meaning::leave, {"403", "442"}},
      {meaning::say, {"403", "404", "FAIL"}},
      {meaning::tell, {"401", "531"}},
      {meaning::rule, {"401", "403", "441", "442", "478", "482"}},
      {meaning::kick, {"403", "441", "442", "482"}},
      {meaning::invite, {"341", "401", "403", "442", "443", "482"}},
      {meaning::topic, {"403", "442", "482"}},
      {meaning::names, {"353", "366"}},
      {meaning::was, {"312", "314", "369", "406"}},
      {meaning::watch, {"734"}},
      {meaning::watched, {"732", "733"}},
      {meaning::invited, {"336", "337"}},
      {meaning::entries, {"367", "368", "403", "442"}},
      {meaning::nonsense, {"421"}},
      {meaning::sync, {"PONG"}},
      {meaning::quit, {"ERROR"}},
  };
  static const std::set<std::string> none;
  const auto found = all.find(what);
  return found != all.end() ? found->second : none;
}

}  // namespace confab::simulation
