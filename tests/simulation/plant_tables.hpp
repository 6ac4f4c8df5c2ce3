#pragma once

#include "tests/simulation/plants.hpp"

#include <span>

/// The planted bugs by what they spoil, for `plants.cpp`.
namespace confab::simulation {

std::span<const plant> plants_of_texts();
std::span<const plant> plants_of_members();
std::span<const plant> plants_of_rules();
std::span<const plant> plants_of_directory();
std::span<const plant> plants_of_limits();
std::span<const plant> plants_of_archive();
std::span<const plant> plants_of_loops();
std::span<const plant> plants_of_nodes();

}  // namespace confab::simulation
