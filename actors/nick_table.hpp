#pragma once

#include "actors/free_numbers.hpp"
#include "actors/model/identity.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace confab {

/// Which client has which nick. Nicks that differ only in the case of A-Z are the same. A client
/// may have several at a time: whoever renames itself has the old one and the new one until
/// everybody was told.
class nick_table {
 public:
  /// Gives the client the nick, for it alone. False if another client has it; a client may claim
  /// what it has.
  bool claim(std::string_view nick, const client_id& whose);

  /// Gives the client the stem, or if that is taken, the stem with the lowest number behind it that
  /// is free, from 2 on. Returns the nick. A number stays taken until its nick is released; to find
  /// a free one takes log n steps, however many are taken.
  std::string claim_numbered(std::string_view stem, const client_id& whose);

  /// Takes the nick from the client if it has it.
  void release(std::string_view nick, const client_id& whose);

  /// Who has the nick; null: nobody.
  const client_id* find(std::string_view nick) const;

  /// Whether the nick was given to this client for this stem.
  bool is_numbered(std::string_view nick, std::string_view stem, const client_id& whose) const;

  /// How many nicks are taken.
  std::size_t size() const { return holders_.size(); }

 private:
  struct holder {
    client_id whose;
    std::size_t stem_bytes = 0;       ///< How long the stem of a numbered nick is; 0: it has none.
    free_numbers::number number = 0;  ///< The stem alone is number 1.
  };

  std::unordered_map<std::string, holder> holders_;      ///< By folded nick.
  std::unordered_map<std::string, free_numbers> stems_;  ///< By folded stem, while one is in use.
};

}  // namespace confab
