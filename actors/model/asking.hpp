#pragma once

#include "actors/model/reader_class.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace confab {

/// What the words of an answer depend on, beside the answer itself: who asked, and how. Made by the
/// decoder of a protocol whose answers need that; travels with the receipt.
struct asking {
  std::string nick;         ///< Of who asked; what stands for it before there is one.
  reader_class reader = 0;  ///< How it reads.
  std::string_view verb;    ///< The command, as the protocol's table has it, which lives on.
  std::string subject;      ///< What it was about, as the client wrote it.
  std::string detail;       ///< What else there was, as the client wrote it.
  std::string label;        ///< Under which the client wants the answer; empty: none.
  std::string batch;        ///< In which batch the answer belongs; empty: none.

  /// Whether all that the request is answered has to be marked, and so stands apart.
  bool wants_marks() const { return !label.empty() || !batch.empty(); }
};

using asking_ptr = std::shared_ptr<const asking>;

}  // namespace confab
