#pragma once

#include "agent/radio/ble/message_exchange.h"

#include <chrono>
#include <string>

namespace mmm::agent::ble {

// How long each step may take.
struct BleTimes {
  std::chrono::milliseconds call{10'000};       // BlueZ answers from what it knows
  std::chrono::milliseconds discovery{30'000};  // radios that save power advertise every few seconds
  // Without a name to look for: until it is clear how many there are.
  std::chrono::milliseconds look_around{10'000};
  std::chrono::milliseconds look_every{500};
  std::chrono::milliseconds connect{60'000};  // the controller alone tries for up to 40 s
  std::chrono::milliseconds pair{60'000};
  std::chrono::milliseconds resolve{30'000};
  // A read or write. An ESP32 holds the answer of a read back for up to 20 s while it collects its configuration.
  std::chrono::milliseconds operation{45'000};
  ExchangeTimes exchange;
};

struct BleOptions {
  std::string wanted;  // an address or a name; empty: the one Meshtastic radio in reach
  std::string pin;     // six digits, or empty. A secret: it stands in no log
  BleTimes times{};
};

}  // namespace mmm::agent::ble
