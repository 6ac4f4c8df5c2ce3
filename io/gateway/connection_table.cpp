#include "io/gateway/connection_table.hpp"

#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

connection& connection_table::add(caf::intrusive_ptr<link> wire) {
  std::uint32_t index = 0;
  if (free_slots_.empty()) {
    index = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    index = free_slots_.back();
    free_slots_.pop_back();
  }
  auto& place = slots_[index];
  ++place.uses;
  by_handle_.emplace(wire->hdl().id(), index);
  place.occupant = std::make_unique<connection>();
  place.occupant->key = (connection_key{place.uses} << 32) | index;
  place.occupant->wire = std::move(wire);
  return *place.occupant;
}

void connection_table::remove(connection& gone) {
  const auto index = slot_of(gone.key);
  by_handle_.erase(gone.wire->hdl().id());
  slots_[index].occupant.reset();
  free_slots_.push_back(index);
}

void connection_table::clear() {
  for_each([this](connection& each) { remove(each); });
}

connection* connection_table::find(connection_key key) {
  const auto index = slot_of(key);
  if (index >= slots_.size())
    return nullptr;
  auto* occupant = slots_[index].occupant.get();
  return occupant != nullptr && occupant->key == key ? occupant : nullptr;
}

connection* connection_table::find(caf::io::connection_handle handle) {
  const auto found = by_handle_.find(handle.id());
  return found != by_handle_.end() ? slots_[found->second].occupant.get() : nullptr;
}

}  // namespace confab
