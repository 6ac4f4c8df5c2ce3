#pragma once

#include "io/net/layers/web_site.hpp"

namespace confab::server {

/// The page of the chat, which is part of the program.
web_files page_files();

}  // namespace confab::server
