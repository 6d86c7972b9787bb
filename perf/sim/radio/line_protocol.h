#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mmm::sim {

// What a message to the client is, for the truth.
struct PacketMarks {
  bool replay = false;     // cached data sent after the configuration
  bool simulated = false;  // port 69
  bool own = false;        // made by the radio itself, not heard
  bool malformed = false;  // the payload is not what its port says
};

struct OutMessage {
  std::string bytes;  // a serialized FromRadio
  bool is_packet = false;
  PacketMarks marks;
};

// What speaks behind a line: a radio of the mesh, or a recording. One client at a time.
class LineProtocol {
 public:
  virtual ~LineProtocol() = default;

  // The line is there, or is gone: nothing is said until the next want_config.
  virtual void client_attached(SteadyTime now) = 0;
  virtual void client_gone() = 0;
  // One ToRadio message. Bytes that are none are ignored.
  virtual void receive(std::string_view to_radio, SteadyTime now) = 0;
  // The next message to the client, or nothing for now.
  virtual std::optional<OutMessage> next_message() = 0;
  // The client asked to end the session, or was silent for too long: the line is to be closed.
  [[nodiscard]] virtual bool close_wanted(SteadyTime now) const = 0;
  // A reboot: everything that is not in flash is lost.
  virtual void reboot() = 0;

  // Past config_complete_id, and what follows it at once has been taken out.
  [[nodiscard]] virtual bool session_ready() const = 0;
  // Nothing waits for a client that is past its configuration.
  [[nodiscard]] virtual bool drained() const = 0;
  // A valid ToRadio was received since the start: no more debug text on a serial line.
  [[nodiscard]] virtual bool speaks_protobuf() const = 0;
  [[nodiscard]] virtual std::uint32_t own_num() const = 0;
};

}  // namespace mmm::sim
