// Several actor systems in one process, each with a network loop of its own.

#include "apps/server/loops.hpp"

#include "io/loop_actor.hpp"
#include "tests/support/catch.hpp"

#include <barrier>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

using namespace confab;

namespace {

constexpr std::chrono::seconds patience{60};

using go_atom = caf::atom_constant<caf::atom("go")>;
using end_atom = caf::atom_constant<caf::atom("end")>;
using number_atom = caf::atom_constant<caf::atom("number")>;

/// Takes numbers, and says when all have come.
using counter_actor = caf::typed_actor<caf::reacts_to<number_atom, std::size_t>,  //
                                       caf::reacts_to<end_atom>>;
/// Idle until it is woken, when it tells the counter.
using sleeper_actor = caf::typed_actor<caf::reacts_to<go_atom>, caf::reacts_to<end_atom>>;

template <class Handle>
using in_loop = loop_actor<typename Handle::template stateful_base<std::size_t>>*;

counter_actor::behavior_type count_all(in_loop<counter_actor> self, std::size_t awaited,
                                       caf::actor report) {
  return {
      [=](number_atom, std::size_t) {
        if (++self->state == awaited)
          caf::anon_send(report, end_atom::value);
      },
      [=](end_atom) { self->quit(); },
  };
}

sleeper_actor::behavior_type sleep_once(in_loop<sleeper_actor> self, counter_actor counter) {
  return {
      [=](go_atom) { self->send(counter, number_atom::value, std::size_t{1}); },
      [=](end_atom) { self->quit(); },
  };
}

using meeting = std::shared_ptr<std::barrier<>>;

/// Wakes all the sleepers in one handler, as soon as the other one does.
sleeper_actor::behavior_type wake_all(in_loop<sleeper_actor> self,
                                      std::vector<sleeper_actor> sleepers, meeting with) {
  return {
      [=](go_atom) {
        with->arrive_and_wait();
        for (const auto& each : sleepers)
          self->send(each, go_atom::value);
      },
      [=](end_atom) {
        for (const auto& each : sleepers)
          self->send(each, end_atom::value);
        self->quit();
      },
  };
}

/// What has come of the even numbers, and of the odd ones.
struct arrivals {
  std::size_t next_even = 0;
  std::size_t next_odd = 1;
  std::size_t wrong = 0;
};

/// Checks that all even numbers come in order, all odd ones, too, and each odd one behind the even
/// one before it. Says how many were wrong.
counter_actor::behavior_type check_order(loop_actor<counter_actor::stateful_base<arrivals>>* self,
                                         std::size_t awaited, caf::actor report) {
  return {
      [=](number_atom, std::size_t number) {
        auto& seen = self->state;
        auto& next = number % 2 == 0 ? seen.next_even : seen.next_odd;
        if (number != next || (number % 2 == 1 && number > seen.next_even))
          ++seen.wrong;
        next += 2;
        if (seen.next_even + seen.next_odd == 2 * awaited + 1)
          caf::anon_send(report, number_atom::value, seen.wrong);
      },
      [=](end_atom) { self->quit(); },
  };
}

/// Passes numbers on.
counter_actor::behavior_type pass_on_to(in_loop<counter_actor> self, counter_actor next) {
  return {
      [=](number_atom, std::size_t number) { self->send(next, number_atom::value, number); },
      [=](end_atom) { self->quit(); },
  };
}

/// Sends each even number straight on, and then the odd one behind it by way of another.
sleeper_actor::behavior_type send_two_ways(in_loop<sleeper_actor> self, counter_actor straight,
                                           counter_actor roundabout, std::size_t count) {
  return {
      [=](go_atom) {
        for (std::size_t number = 0; number < count; number += 2) {
          self->send(straight, number_atom::value, number);
          self->send(roundabout, number_atom::value, number + 1);
        }
      },
      [=](end_atom) { self->quit(); },
  };
}

bool receive_end(caf::scoped_actor& self) {
  bool received = false;
  self->receive([&](end_atom) { received = true; }, caf::after(patience) >> [] {});
  return received;
}

}  // namespace

// CAF's pipe holds 8,192 wake-ups, and whoever writes to a full one waits: with it, the two loops
// would wait for one another for good.
TEST_CASE("two loops that wake twenty thousand of each other's actors in one handler both go on") {
  constexpr std::size_t sleepers_each = 20'000;
  server::loops systems{2, {}};
  caf::scoped_actor self{systems.home()};
  const auto counter = systems.home().spawn(count_all, 2 * sleepers_each, caf::actor{self});
  const auto both = std::make_shared<std::barrier<>>(2);
  std::vector<sleeper_actor> wakers;
  for (const std::size_t loop : {0U, 1U}) {
    std::vector<sleeper_actor> sleepers;
    for (std::size_t i = 0; i < sleepers_each; ++i)
      sleepers.push_back(systems.at(1 - loop).spawn(sleep_once, counter));
    wakers.push_back(systems.at(loop).spawn(wake_all, std::move(sleepers), both));
  }
  for (const auto& each : wakers)
    self->send(each, go_atom::value);
  CHECK(receive_end(self));
  for (const auto& each : wakers)
    self->send(each, end_atom::value);
  self->send(counter, end_atom::value);
}

TEST_CASE("messages between loops keep their order, also when they come by way of a third one") {
  constexpr std::size_t count = 100'000;
  server::loops systems{3, {}};
  caf::scoped_actor self{systems.home()};
  const auto last = systems.at(1).spawn(check_order, count, caf::actor{self});
  const auto roundabout = systems.at(2).spawn(pass_on_to, last);
  const auto sender = systems.at(0).spawn(send_two_ways, last, roundabout, count);
  self->send(sender, go_atom::value);
  std::optional<std::size_t> wrong;
  self->receive([&](number_atom, std::size_t result) { wrong = result; },
                caf::after(patience) >> [] {});
  CHECK(wrong == std::optional<std::size_t>{0});
  self->send(sender, end_atom::value);
  self->send(roundabout, end_atom::value);
  self->send(last, end_atom::value);
}

TEST_CASE("loops end when their actors have, and not before") {
  server::loops systems{4, {}};
  CHECK(systems.count() == 4);
  const auto counter = systems.at(3).spawn(count_all, std::size_t{1}, caf::actor{});
  caf::anon_send(counter, end_atom::value);
}
