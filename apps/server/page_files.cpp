#include "apps/server/page_files.hpp"

namespace confab::server {

web_files page_files() {
  return {};
}

}  // namespace confab::server
