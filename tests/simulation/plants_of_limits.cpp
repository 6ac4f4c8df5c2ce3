// Servers that keep other limits than they were told.

#include "tests/simulation/plant_tables.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace confab::simulation {

namespace {

void give_out_four_times_the_memory(server_parts& parts) {
  parts.all.backlog_bytes_max *= 4;
}

void cut_no_batch(server_parts& parts) {
  parts.gateways.work_bytes_per_batch = std::size_t{1} << 30;
}

void serve_rooms_whole(server_parts& parts) {
  parts.gateways.flush.large_readers_per_round_min = 1000;
  parts.gateways.flush.large_readers_per_round_max = 1000;
}

void treat_small_rooms_as_large(server_parts& parts) {
  parts.gateways.flush.small_audience_max = 0;
}

void serve_one_reader_a_round(server_parts& parts) {
  parts.gateways.flush.large_readers_per_round_min = 1;
  parts.gateways.flush.large_readers_per_round_max = 1;
}

void hold_no_author_back(server_parts& parts) {
  parts.gateways.flush.handover_work_bytes_max = std::uint64_t{1} << 40;
}

void admit_one_more(server_parts& parts) {
  ++parts.all.connections_max;
}

void make_one_room_more(server_parts& parts) {
  ++parts.rooms.rooms_max;
}

void keep_one_room_more(server_parts& parts) {
  ++parts.rooms.kept_vacant_max;
}

void let_into_one_room_more(server_parts& parts) {
  ++parts.gateways.rooms_per_client_max;
}

void hold_one_entry_more(server_parts& parts) {
  ++parts.rooms.rules.list_entries_max;
}

void watch_one_more(server_parts& parts) {
  ++parts.remembered.watched_nicks_each_max;
}

void tell_one_invitation_more(server_parts& parts) {
  ++parts.remembered.invitations_each_max;
}

void remember_one_more(server_parts& parts) {
  ++parts.remembered.whowas_entries_max;
}

void remember_one_less(server_parts& parts) {
  --parts.remembered.whowas_entries_max;
}

void lose_records(server_parts& parts) {
  parts.fault_of_layers = test::carriage_fault::loses_records;
}

void lose_messages(server_parts& parts) {
  parts.fault_of_layers = test::carriage_fault::loses_messages;
}

constexpr std::array rows = {
    plant{.name = "lost-record",
          .what_it_does = "a layer that seals forgets something now and then",
          .misconfigure = &lose_records,
          .has_layers = true},
    plant{.name = "lost-message",
          .what_it_does = "a message of a WebSocket is lost now and then",
          .misconfigure = &lose_messages,
          .has_layers = true},
    plant{.name = "one-connection-more",
          .what_it_does = "a connection too many is admitted",
          .misconfigure = &admit_one_more,
          .words = "BOUNDS: is one of"},
    plant{.name = "one-room-more",
          .what_it_does = "a room too many is made",
          .misconfigure = &make_one_room_more,
          .words = "BOUNDS: was told of"},
    plant{.name = "one-kept-room-more",
          .what_it_does = "a vacant room too many is kept",
          .misconfigure = &keep_one_room_more,
          .words = "more vacant rooms stay than may"},
    plant{.name = "one-more-room-each",
          .what_it_does = "a client may be in a room too many",
          .misconfigure = &let_into_one_room_more,
          .words = "BOUNDS: is in"},
    plant{.name = "one-entry-more",
          .what_it_does = "a room holds an entry of a list too many",
          .misconfigure = &hold_one_entry_more,
          .words = "BOUNDS: room ruled holds"},
    plant{.name = "one-watch-more",
          .what_it_does = "a client watches a nick too many",
          .misconfigure = &watch_one_more,
          .words = "BOUNDS: was told that there is no place for"},
    plant{.name = "one-invitation-more",
          .what_it_does = "a client is told of an invitation too many",
          .misconfigure = &tell_one_invitation_more,
          .words = "BOUNDS: was told"},
    plant{.name = "one-whowas-more",
          .what_it_does = "a nick too many that nobody has is remembered",
          .misconfigure = &remember_one_more,
          .words = "BOUNDS: was told of"},
    plant{.name = "one-whowas-less",
          .what_it_does = "a nick that nobody has is forgotten too early",
          .misconfigure = &remember_one_less,
          .words = "who were there of"},
    plant{"generous-quota", "memory is given out four times", nullptr,
          &give_out_four_times_the_memory, "MEMORY"},
    plant{"uncut-batches", "all that comes at once is one batch", nullptr, &cut_no_batch, "WORK"},
    plant{"whole-room", "a round serves all of a large room", nullptr, &serve_rooms_whole, "WORK"},
    plant{"small-last", "small rooms wait like large ones", nullptr, &treat_small_rooms_as_large,
          "SERVICE"},
    plant{"slow-rounds", "a round serves one reader of large rooms", nullptr,
          &serve_one_reader_a_round, "SERVICE"},
    plant{"unheld-authors", "authors are read though their texts were not handed over", nullptr,
          &hold_no_author_back, "AUTHOR"},
};

}  // namespace

std::span<const plant> plants_of_limits() {
  return rows;
}

}  // namespace confab::simulation
