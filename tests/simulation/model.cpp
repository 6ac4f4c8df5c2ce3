#include "tests/simulation/model.hpp"

#include "tests/simulation/language.hpp"

namespace confab::simulation {

findings judge(const history& run) {
  findings found;
  check_ends_of_output(run, found);
  const auto known = check_replies(run, found);
  // Without the right replies it is not known what the clients did.
  if (!found.empty())
    return found;
  check_deliveries(run, known, found);
  check_order(run, known, found);
  check_notices(run, known, found);
  check_existence(run, known, found);
  check_endings(run, known, found);
  return found;
}

bool was_there(const stay& where, moment first, moment last) {
  return where.room_known && where.entered <= first && where.leaving > last;
}

std::string name_of(const record& who) {
  return "client " + std::to_string(who.number) + " (" + std::string{who.speaks->name()} + ")";
}

}  // namespace confab::simulation
