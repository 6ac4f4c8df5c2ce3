#include "tests/simulation/plants.hpp"

#include "tests/simulation/plant_tables.hpp"

#include <algorithm>
#include <vector>

namespace confab::simulation {

std::span<const plant> all_plants() {
  static const auto all = [] {
    std::vector<plant> rows;
    for (const auto table :
         {plants_of_texts(), plants_of_members(), plants_of_rules(), plants_of_directory(),
          plants_of_limits(), plants_of_archive(), plants_of_loops(), plants_of_nodes()})
      rows.insert(rows.end(), table.begin(), table.end());
    return rows;
  }();
  return all;
}

const plant* find_plant(std::string_view name) {
  const auto all = all_plants();
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const plant& row) { return row.name == name; });
  return found != all.end() ? &*found : nullptr;
}

}  // namespace confab::simulation
