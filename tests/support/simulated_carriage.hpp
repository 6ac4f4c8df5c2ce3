#pragma once

#include "io/net/layer_pipe.hpp"
#include "io/output/outbox.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

/// Layers between a simulated peer and the gateway: the server's own, and the peer's side of them.
namespace confab::test {

/// What is wrong with the server's layers.
enum class carriage_fault : std::uint8_t {
  none,
  loses_records,   ///< Now and then, nothing comes of what was to be sealed.
  loses_messages,  ///< Now and then, a message of a WebSocket does not go up.
};

/// What one connection passes through.
struct carriage_plan {
  bool websocket = false;  ///< The real one.
  bool sealed = false;     ///< A stand-in for TLS: what is flushed together is one record.
  carriage_fault fault = carriage_fault::none;
};

/// Both sides of the layers of one connection, in the words of the dialect: as if it had none.
///
/// The peer cuts its lines into fragments where its client cuts what it sends, seals them, and
/// pings in between. What it gets is checked: records that are missing, frames that break the rules
/// and pongs that nobody asked for become lines that no dialect says.
class simulated_carriage {
 public:
  /// `out` is what the gateway writes. Both sides have greeted each other afterwards.
  simulated_carriage(const carriage_plan& plan, outbox& out, output_memory& memory);

  // -- the peer's side --------------------------------------------------------

  /// Bytes on the wire, and how many of the dialect have come when they have.
  struct piece {
    std::size_t wire = 0;
    std::size_t plain = 0;
  };

  /// Appends what the peer sends in the place of these bytes of its dialect, and the pieces that it
  /// consists of.
  void encode(std::string_view plain, std::string& wire, std::deque<piece>& pieces);

  /// Takes bytes off the wire. Returns the lines that are whole.
  std::string decode(std::string_view wire);

  /// What the peer would read if it got these bytes, and behind them these that are not sealed yet.
  std::string preview(std::string_view wire, std::string_view unsealed) const;

  // -- the server's side ------------------------------------------------------

  layer_pipe& pipe() { return pipe_; }
  const layer_pipe& pipe() const { return pipe_; }

 private:
  /// What the peer has read of a stream so far.
  struct reader {
    std::string sealed;  ///< No whole record yet.
    std::string frames;  ///< No whole frame yet.
    std::uint8_t next_record = 0;
    bool has_heard_hello = false;  ///< The first record, which is for nobody.
    bool has_upgraded = false;     ///< The head of the answer has come.
  };

  std::string seal(std::string_view plain);
  void add_frame(std::string_view plain, std::string& frames);
  std::string read(reader& from, std::string_view wire, std::string_view unsealed) const;
  std::string unseal(reader& from, std::string_view wire) const;
  std::string unframe(reader& from) const;
  void greet();

  carriage_plan plan_;
  layer_pipe pipe_;
  reader read_so_far_;
  bool in_message_ = false;  ///< The peer has sent a part of one.
  std::size_t pieces_ = 0;   ///< That the peer has sent.
  std::uint8_t records_ = 0;
};

}  // namespace confab::test
