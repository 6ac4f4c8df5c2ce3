// Directories that are wrong about nicks and private texts.

#include "tests/simulation/plant_tables.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab::simulation {

namespace {

/// What is done to a message on its way to the directory.
struct directory_fault {
  std::size_t says_per_fault = 0;    ///< Of so many private texts,
  std::size_t copies = 1;            ///< one is handed on so often.
  std::size_t longer_by = 0;         ///< A nick that is wanted gets so many bytes more.
  std::size_t claims_per_fault = 0;  ///< Of so many wanted nicks, one is given without a look.
  std::size_t links_per_fault = 0;   ///< Of so many new links, it does not hear of one.
};

void lengthen(nick_claim& wanted, std::size_t bytes) {
  auto who = std::make_shared<identity>(*wanted.wanted.who);
  who->nick.append(bytes, 'y');
  wanted.wanted.who = std::move(who);
}

template <class Fault>
directory_actor::behavior_type faulty_directory(directory_actor::broker_pointer self,
                                                directory_actor real) {
  const auto count = std::make_shared<std::size_t>(0);
  const auto is_due = [count](std::size_t times) { return times > 0 && ++*count % times == 0; };
  constexpr directory_fault fault = Fault::value;
  return {
      [=](arrive_atom, const client_id& whom) { self->send(real, arrive_atom::value, whom); },
      [=](claim_atom, nick_claim& wanted) {
        lengthen(wanted, fault.longer_by);
        if (is_due(fault.claims_per_fault) && !wanted.numbered)
          self->send(wanted.session, named_atom::value, wanted.wanted.who, census{});
        else
          self->send(real, claim_atom::value, std::move(wanted));
      },
      [=](say_atom, const session_actor& session, event_batch& batch, receipt& reply) {
        const auto copies = is_due(fault.says_per_fault) ? fault.copies : 1;
        if (copies == 0 && reply.gateway)
          self->send(reply.gateway, reply_atom::value, reply);
        for (std::size_t i = 0; i < copies; ++i)
          self->send(real, say_atom::value, session, batch, i == 0 ? reply : receipt{});
      },
      [=](request_atom, client_request& wanted) {
        self->send(real, request_atom::value, std::move(wanted));
      },
      [=](fan_atom, fan_out& news) { self->send(real, fan_atom::value, std::move(news)); },
      [=](presence_atom, const presence& news) { self->send(real, presence_atom::value, news); },
      [=](secret_atom, const std::string& room, bool secret) {
        self->send(real, secret_atom::value, room, secret);
      },
      [=](invite_atom, const client_id& whom, const std::string& room) {
        self->send(real, invite_atom::value, whom, room);
      },
      [=](tick_atom, const client_id& whom) { self->send(real, tick_atom::value, whom); },
      [=](gone_atom, const client_id& whom) { self->send(real, gone_atom::value, whom); },
      [=](killed_atom, const client_id& whom, const std::string& words) {
        self->send(real, killed_atom::value, whom, words);
      },
      [=](sync_atom, const known_peer& peer, sync_round round) {
        self->send(real, sync_atom::value, peer, round);
      },
      [=](linked_atom, const std::string& node, bool linked) {
        if (!linked || !is_due(fault.links_per_fault))
          self->send(real, linked_atom::value, node, linked);
      },
      [](report_atom) { return directory_report{}; },
      [=](close_atom) {
        self->send(real, close_atom::value);
        self->quit();
      },
  };
}

template <class Fault>
directory_actor wrap(caf::actor_system& system, directory_actor real) {
  return system.middleman().spawn_broker(faulty_directory<Fault>, std::move(real));
}

struct private_twice {
  static constexpr directory_fault value{.says_per_fault = 2, .copies = 2};
};
struct private_lost {
  static constexpr directory_fault value{.says_per_fault = 2, .copies = 0};
};
struct nick_for_two {
  static constexpr directory_fault value{.claims_per_fault = 2};
};
struct link_unheard {
  static constexpr directory_fault value{.links_per_fault = 3};
};
struct longer_nick {
  static constexpr directory_fault value{.longer_by = 1};
};

constexpr std::array rows = {
    plant{.name = "longer-nick",
          .what_it_does = "a nick that is wanted gets a byte more",
          .words = "BOUNDS: has nick",
          .wrap_directory = &wrap<longer_nick>},
    plant{.name = "private-twice",
          .what_it_does = "one private text in two comes twice",
          .words = "PRIVATE",
          .wrap_directory = &wrap<private_twice>},
    plant{.name = "private-lost",
          .what_it_does = "one private text in two is lost",
          .words = "was lost",
          .wrap_directory = &wrap<private_lost>},
    plant{.name = "nick-for-two",
          .what_it_does = "one nick in two is given without a look",
          .words = "NICKS: has nick",
          .wrap_directory = &wrap<nick_for_two>},
    plant{.name = "link-unheard",
          .what_it_does = "of three links, the directory does not hear of one",
          .words = "HEALED: node",
          .wrap_directory = &wrap<link_unheard>,
          .has_nodes = true},
};

}  // namespace

std::span<const plant> plants_of_directory() {
  return rows;
}

}  // namespace confab::simulation
