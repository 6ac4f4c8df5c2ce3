#pragma once

#include "tests/simulation/dice.hpp"
#include "tests/simulation/plan.hpp"

/// Runs in which a few say more than the others can read.
namespace confab::simulation {

/// The room of the two who are bystanders: one says little, the other reads all of it.
inline constexpr const char* bystanders_room = "Z9";

/// A plan at random: readers of one or two large rooms that read well, slowly or not at all,
/// authors that flood them, and two bystanders in a room of their own. All come before the run and
/// stay until its end.
plan make_pressure_plan(dice& random);

}  // namespace confab::simulation
