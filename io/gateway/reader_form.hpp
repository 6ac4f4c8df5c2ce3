#pragma once

#include "actors/model/reader_class.hpp"
#include "io/net/layers/byte_layer.hpp"

namespace confab {

/// What two readers have in common if what one gets serves for the other, too: the form of their
/// protocol, and what carries it.
struct reader_form {
  reader_class reader = 0;
  output_form framing = output_form::lines;

  bool operator==(const reader_form&) const = default;
};

}  // namespace confab
