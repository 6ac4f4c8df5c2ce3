#pragma once

#include "actors/dialect.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// What stands in front of a dialect.
namespace confab::simulation {

/// Does as another dialect does, except where a derived class changes it.
class dialect_wrapper : public dialect {
 public:
  explicit dialect_wrapper(std::shared_ptr<const dialect> speaks) : speaks_(std::move(speaks)) {}

  std::string_view name() const override { return speaks_->name(); }
  delivery_policy policy(const event_batch& batch, reader_class reader) const override {
    return speaks_->policy(batch, reader);
  }
  reader_class own_class(reader_class reader) const override { return speaks_->own_class(reader); }
  bool announces_members() const override { return speaks_->announces_members(); }
  bool folds_names() const override { return speaks_->folds_names(); }
  bool protects_topics() const override { return speaks_->protects_topics(); }
  std::optional<std::string> nick_stem(std::string_view user) const override {
    return speaks_->nick_stem(user);
  }
  std::unique_ptr<decoder> make_decoder() const override { return speaks_->make_decoder(); }
  void encode_reply(const outcome& result, const standing& now, std::string& out) const override {
    speaks_->encode_reply(result, now, out);
  }
  void encode_answer(const answer_part& part, const asking& asked,
                     std::string& out) const override {
    speaks_->encode_answer(part, asked, out);
  }
  void mark_answers(const asking& asked, std::string& out) const override {
    speaks_->mark_answers(asked, out);
  }
  void encode_events(const event_batch& batch, reader_class reader,
                     std::string& out) const override {
    speaks_->encode_events(batch, reader, out);
  }
  void encode_replay(const history_page& said_before, reader_class reader,
                     std::string& out) const override {
    speaks_->encode_replay(said_before, reader, out);
  }
  bool echo_confirms() const override { return speaks_->echo_confirms(); }
  void encode_farewell(cut_reason why, const standing& now, std::string& out) const override {
    speaks_->encode_farewell(why, now, out);
  }
  bool counts_lines() const override { return speaks_->counts_lines(); }
  std::optional<liveness_probe> liveness() const override { return speaks_->liveness(); }
  void encode_probe(std::string& out) const override { speaks_->encode_probe(out); }

 private:
  std::shared_ptr<const dialect> speaks_;
};

}  // namespace confab::simulation
