#pragma once

#include "io/dialects/framed/framed.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The frames of the framed dialect, for its server and its clients alike.
namespace confab::framed {

/// Appends one frame that holds `text`, cut at the frame's size but never inside a UTF-8 character,
/// and padded with blanks.
void append_frame(std::string_view text, std::string& out);

/// Finds frames in input that is split and joined anywhere.
class frame_reader {
 public:
  /// Takes the next frame from the front of `input`, without the blanks and line ends at its end.
  /// Returns nothing when there is no whole frame; the input is consumed and remembered then. The
  /// result is valid until the next call and while the input lives.
  std::optional<std::string_view> next(std::string_view& input);

 private:
  std::string partial_;  ///< Less than a frame, or the frame that was handed out.
};

}  // namespace confab::framed
