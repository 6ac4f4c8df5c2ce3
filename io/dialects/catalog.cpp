#include "io/dialects/catalog.hpp"

#include "io/dialects/framed/framed.hpp"
#include "io/dialects/irc/irc.hpp"
#include "io/dialects/oneroom/oneroom.hpp"

#include <array>

namespace confab {

namespace {

constexpr std::array rows = {
    catalog_row{
        "tagged", "lines of tag:payload, senders and receivers",
        [](const dialect_settings& settings) { return tagged::make_dialect(settings.edition); }},
    catalog_row{"oneroom", "a name, then lines; everyone hears everyone",
                [](const dialect_settings& settings) {
                  return oneroom::make_dialect(settings.lobby, settings.oneroom_line_bytes_max);
                }},
    catalog_row{"framed", "messages of 200 bytes, channels",
                [](const dialect_settings&) { return framed::make_dialect(); }},
    catalog_row{"irc", "Internet Relay Chat; rooms are channels",
                [](const dialect_settings& settings) { return irc::make_dialect(settings.irc); }},
};

}  // namespace

std::span<const catalog_row> dialect_catalog() {
  return rows;
}

}  // namespace confab
