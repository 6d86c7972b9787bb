#include "core/store/index/rows.h"

#include <array>

namespace mmm::index {

const char* to_string(DecodeError error) {
  static constexpr std::array<const char*, kDecodeErrors> kNames{"none",
                                                                 "no_key",
                                                                 "empty",
                                                                 "unknown_port",
                                                                 "no_schema",
                                                                 "compressed_text",
                                                                 "malformed_payload",
                                                                 "malformed_record",
                                                                 "malformed_status"};
  const auto number = static_cast<std::size_t>(error);
  return number < kNames.size() ? kNames[number] : "unknown";
}

const char* to_string(GapCause cause) {
  switch (cause) {
    case GapCause::kRadioAway:
      return "radio_away";
    case GapCause::kAgentStopped:
      return "agent_stopped";
    case GapCause::kNewBuffer:
      return "new_buffer";
    case GapCause::kBufferFull:
      return "buffer_full";
    case GapCause::kSetAside:
      return "set_aside";
  }
  return "unknown";
}

}  // namespace mmm::index
