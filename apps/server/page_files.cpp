#include "apps/server/page_files.hpp"

#include "apps/server/page/embedded_page.hpp"

#include <string>

namespace confab::server {

web_files page_files() {
  web_files result;
  for (const auto& each : embedded_page())
    result[std::string{each.path}] = {std::string{each.content_type}, std::string{each.etag},
                                      std::string{each.bytes}, std::string{each.gzip}};
  return result;
}

}  // namespace confab::server
