// How long one handler takes at most while a link is made to a node with many clients, and when it
// is lost. Not a test: build the target cluster_measure and run it.
// usage: cluster_measure [clients of the other node [rooms [tasks at once]]]

#include "tests/support/cluster_nodes.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

using namespace confab;
using namespace confab::test;

namespace {

/// The time of the processor that this thread has taken: that others run, too, is no matter.
std::chrono::nanoseconds time_taken() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

/// Runs all there is, and looks at the clock around each message that is handled.
class timed_run {
 public:
  timed_run(cluster& all, const char* what) : all_(all) {
    const auto begin = time_taken();
    for (int pause = 0; pause < 1000; ++pause) {
      while (step()) {
      }
      all_.pass_time(telling_pause);
    }
    std::printf("%-12s longest handler %7.2f ms, all %8.0f ms, %zu messages\n", what, ms(longest_),
                ms(time_taken() - begin), messages_);
  }

 private:
  static double ms(std::chrono::nanoseconds span) {
    return std::chrono::duration<double, std::milli>(span).count();
  }

  bool step() {
    const auto before = time_taken();
    const bool ran = all_.run_message();
    if (!ran)
      return all_.carry_one();
    longest_ = std::max(longest_, time_taken() - before);
    ++messages_;
    return true;
  }

  cluster& all_;
  std::chrono::nanoseconds longest_{};
  std::size_t messages_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto clients = static_cast<connection_key>(argc > 1 ? std::atol(argv[1]) : 20'000);
  const auto rooms = static_cast<connection_key>(argc > 2 ? std::atol(argv[2]) : 10);
  const auto tasks_max =
      static_cast<std::size_t>(argc > 3 ? std::atol(argv[3]) : tasks_at_once_max);
  cluster all{{"a", "b"}, 1 << 20, {}, tasks_max};
  for (connection_key key = 1; key <= clients; ++key)
    all.join(0, key,
             "nick n" + std::to_string(key) + "\njoin r" + std::to_string(key % rooms) + "\n");
  std::printf("%zu clients in %zu rooms of node a, one client of node b\n",
              static_cast<std::size_t>(clients), static_cast<std::size_t>(rooms));
  all.join(1, 1, "nick bob\n");
  all.connect(0, 1);
  timed_run{all, "link made:"};
  all.cut(0, 1);
  timed_run{all, "link lost:"};
  return 0;
}
