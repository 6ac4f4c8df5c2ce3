#pragma once

#include "apps/clients/terminal/line_source.hpp"

#include <string>
#include <string_view>

namespace confab::client {

/// Standard input read as it comes, without editing. A last line without an end counts.
class stream_source final : public line_source {
 public:
  /// `prompt`: printed for each line that a person is asked for; empty when nobody is.
  explicit stream_source(std::string_view prompt);

  void prompt() override;
  [[nodiscard]] int descriptor() const override;
  void on_readable() override;
  [[nodiscard]] std::optional<line> next() override;
  [[nodiscard]] bool ended() const override { return ended_; }
  [[nodiscard]] bool is_terminal() const override { return !prompt_.empty(); }
  void interrupt() override;

 private:
  std::string prompt_;
  bool asked_ = false;
  bool ended_ = false;
  line_queue lines_;
};

}  // namespace confab::client
