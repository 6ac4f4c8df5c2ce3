#include "actors/archive_reader.hpp"

#include "actors/publishing.hpp"

#include <cassert>
#include <utility>
#include <variant>

#include <caf/all.hpp>

namespace confab {

archive_reader_state::archive_reader_state(self_pointer<archive_reader_actor> self,
                                           archive_reader_settings settings)
    : self_(self), settings_(std::move(settings)) {
  assert(settings_.reader && settings_.now_us != nullptr);
}

void archive_reader_state::recall(history_request request) {
  const auto* wish = std::get_if<history_wish>(&request.what);
  if (wish == nullptr || !std::holds_alternative<history_search>(*wish))
    return answer(std::move(request));
  searches_.push_back(std::move(request));
  work_later();
}

void archive_reader_state::compare(comparison request) {
  comparisons_.push_back(std::move(request));
  work_later();
}

void archive_reader_state::work_later() {
  if (searches_.size() + comparisons_.size() == 1)
    self_->send(handle_of<archive_reader_actor>(self_), tick_atom::value);
}

/// By a message for each, so that the pages that were asked for meanwhile come before the next one.
void archive_reader_state::work() {
  if (!comparisons_.empty()) {
    answer(comparisons_.front());
    comparisons_.pop_front();
  } else {
    answer(std::move(searches_.front()));
    searches_.pop_front();
  }
  if (searches_.size() + comparisons_.size() > 0)
    self_->send(handle_of<archive_reader_actor>(self_), tick_atom::value);
}

void archive_reader_state::answer(history_request request) {
  const auto what = std::move(request.what);
  std::visit([&](const auto& wish) { carry_out(request, wish); }, what);
}

storage_result<history_page> archive_reader_state::find(const std::string& room,
                                                        const history_query& query) {
  return settings_.reader->page(room, query);
}

storage_result<history_page> archive_reader_state::find(const std::string& room,
                                                        const history_search& query) {
  const auto end_us = settings_.now_us() + search_us_max;
  return settings_.reader->search(room, query,
                                  [this, end_us] { return settings_.now_us() >= end_us; });
}

void archive_reader_state::carry_out(history_request& request, const history_wish& wish) {
  auto found = std::visit([&](const auto& query) { return find(request.room, query); }, wish);
  if (const auto* failure = std::get_if<storage_failure>(&found))
    return refuse(request, *failure);
  answer(std::move(request.reply),
         history_answer{std::move(request.room), std::get<history_page>(std::move(found))});
}

void archive_reader_state::carry_out(history_request& request, const targets_wish& wish) {
  auto found = settings_.reader->targets(wish.rooms, wish.times.from_ms, wish.times.to_ms,
                                         wish.times.count_max);
  if (const auto* failure = std::get_if<storage_failure>(&found))
    return refuse(request, *failure);
  answer(std::move(request.reply),
         targets_answer{std::get<std::vector<history_target>>(std::move(found))});
}

/// The room waits for its answer, also if there is none.
void archive_reader_state::carry_out(history_request& request, const recent_wish& wish) {
  auto found = settings_.reader->page(
      request.room, history_query{history_part::latest, {}, {}, wish.count_max, true});
  if (const auto* failure = std::get_if<storage_failure>(&found)) {
    if (settings_.on_trouble)
      settings_.on_trouble(*failure);
    found = history_page{};
  }
  self_->send(wish.asker, recent_atom::value, std::get<history_page>(std::move(found)));
}

void archive_reader_state::answer(receipt reply, answer_part found) {
  reply.answer = answer_of(std::move(found));
  send_receipt(self_, std::move(reply));
}

void archive_reader_state::refuse(history_request& request, const storage_failure& why) {
  if (settings_.on_trouble)
    settings_.on_trouble(why);
  request.reply.answer = refusal_of(refusal::no_history, std::move(request.room));
  send_receipt(self_, std::move(request.reply));
}

// -- for other nodes ----------------------------------------------------------

namespace {

/// Asks the storage what a peer wants to know.
struct comparing_visitor {
  history_reader& reader;
  const archive_reader_settings& settings;

  auto operator()(const digest_question& which) const { return reader.digests(which); }
  auto operator()(const held_question& which) const { return reader.held(which, {}); }
  auto operator()(const missing_question& which) const { return reader.fetch(which, {}); }
  auto operator()(const lacking_question& which) const {
    return reader.missing(which.there, which.slot, settings.retention,
                          settings.now_ms != nullptr ? settings.now_ms() : 0);
  }
  storage_result<std::uint64_t> operator()(const missing_events&) const {
    return storage_failure{storage_trouble::failed, "a reader keeps nothing"};
  }
};

}  // namespace

void archive_reader_state::answer(const comparison& request) {
  comparison_result result{request.ticket, not_compared{}};
  std::visit(
      [&](const auto& which) {
        auto found = comparing_visitor{*settings_.reader, settings_}(which);
        if (auto* failure = std::get_if<storage_failure>(&found)) {
          if (settings_.on_trouble)
            settings_.on_trouble(*failure);
        } else {
          result.what = std::get<0>(std::move(found));
        }
      },
      request.what);
  self_->send(request.asker, compare_atom::value, std::move(result));
}

}  // namespace confab
