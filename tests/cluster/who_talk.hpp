#pragma once

#include "tests/support/cluster_nodes.hpp"

#include <cstddef>
#include <string>

/// Who is on which node in most tests of several nodes: ann on a, bob on b, and eve, often on c.
namespace confab::test {

inline constexpr std::size_t a = 0;
inline constexpr std::size_t b = 1;
inline constexpr std::size_t c = 2;
inline constexpr connection_key ann = 1;
inline constexpr connection_key bob = 2;
inline constexpr connection_key eve = 3;

/// ann comes to node a and bob to node b, and both enter the room `r`, or what `rooms` says.
inline void ann_and_bob_enter(cluster& all, const std::string& rooms = "join r\n") {
  all.join(a, ann, "nick ann\n" + rooms);
  all.join(b, bob, "nick bob\n" + rooms);
}

/// The same, but both want to be called sam.
inline void two_sams_enter(cluster& all) {
  all.join(a, ann, "nick sam\njoin r\n");
  all.join(b, bob, "nick sam\njoin r\n");
}

/// Two linked nodes, with ann and bob in the room `r`, or where `rooms` says.
class two_who_talk : public cluster {
 public:
  explicit two_who_talk(const std::string& rooms = "join r\n") : cluster({"a", "b"}) {
    connect_all();
    ann_and_bob_enter(*this, rooms);
  }
};

/// Three linked nodes, with ann, bob and eve in the room `r`.
class three_who_talk : public cluster {
 public:
  three_who_talk() : cluster({"a", "b", "c"}) {
    connect_all();
    ann_and_bob_enter(*this);
    join(c, eve, "nick eve\njoin r\n");
  }
};

}  // namespace confab::test
