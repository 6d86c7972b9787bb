#pragma once

#include "core/base/time.h"
#include "core/mesh/from_radio.pb.h"
#include "core/mesh/radio_profile.h"

#include <optional>

namespace mmm::agent {

// Who may send packets through a link. The link asks for them when the radio is ready to take one, so that nothing
// queues up between the two, and each write stays the link's own. All calls come on the link's thread.
class LinkGuest {
 public:
  virtual ~LinkGuest() = default;

  // The handshake is complete. Comes again after a restart of the radio.
  virtual void live(SteadyTime now) = 0;
  // The line is gone: nothing is asked for until live().
  virtual void down() = 0;
  // Every message of the radio, those of the dump too.
  virtual void received(const mesh::FromRadio& message, WallTime arrival, SteadyTime now) = 0;
  // Called while live, after deadline() or any message; a packet given is on its way to the radio.
  virtual std::optional<mesh::MeshPacket> next_packet(const mesh::RadioProfile& profile, WallTime wall,
                                                      SteadyTime now) = 0;
  // When to call next_packet() at the latest.
  [[nodiscard]] virtual SteadyTime deadline() const = 0;
};

}  // namespace mmm::agent
