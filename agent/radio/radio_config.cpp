#include "agent/radio/radio_config.h"

#include "agent/radio/tcp_transport.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace mmm::agent {
namespace {

using config::SectionReader;

constexpr std::size_t kPinDigits = 6;

void read_tcp_host(SectionReader& section, const std::string& text, RadioConfig& radio) {
  radio.host = text;
  radio.port = kRadioTcpPortDefault;
  // "HOST:PORT" or "[V6]:PORT"; more colons without brackets are an IPv6 address without port.
  const auto colon = text.rfind(':');
  const bool bracketed = text.starts_with('[');
  if (colon != std::string::npos && (bracketed ? text[colon - 1] == ']' : text.find(':') == colon)) {
    radio.host = text.substr(0, colon);
    unsigned port = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    if (parsed.ec != std::errc() || parsed.ptr != end || port == 0 || port > 65535) {
      section.mistake("tcp_host", fmt::format("\"{}\": HOST or HOST:PORT is allowed, PORT from 1 to 65535", text));
    }
    radio.port = static_cast<std::uint16_t>(port);
  }
  if (radio.host.starts_with('[') && radio.host.ends_with(']'))
    radio.host = radio.host.substr(1, radio.host.size() - 2);
  if (radio.host.empty()) section.mistake("tcp_host", "HOST or HOST:PORT is needed");
}

struct Settings {
  std::string device;
  std::string host;
  std::string ble;
};

// What `auto` means: the first of the settings that are there, in the Python version's order; without any, USB. Adds
// why to the words.
RadioConfig::Kind choose(const Settings& settings, std::string& words) {
  std::vector<std::string_view> given;
  if (!settings.device.empty()) given.emplace_back("device_path");
  if (!settings.host.empty()) given.emplace_back("tcp_host");
  if (!settings.ble.empty()) given.emplace_back("ble_address");
  if (given.empty()) {
    words += ": neither device_path nor tcp_host nor ble_address is set, so a radio is looked for on USB";
    return RadioConfig::Kind::kSerial;
  }
  words += fmt::format(": {} is set", given.front());
  if (given.size() > 1) {
    words += fmt::format(" and goes before {}", fmt::join(given.begin() + 1, given.end(), " and "));
  }
  if (!settings.device.empty()) return RadioConfig::Kind::kSerial;
  return settings.host.empty() ? RadioConfig::Kind::kBle : RadioConfig::Kind::kTcp;
}

std::string read_pin(SectionReader& section) {
  auto pin = section.secret("ble_pin", {.environment = "MESHTASTIC_BLE_PIN"}).value_or("");
  const bool digits = std::ranges::all_of(pin, [](char byte) { return byte >= '0' && byte <= '9'; });
  if (!pin.empty() && (pin.size() != kPinDigits || !digits)) {
    section.mistake("ble_pin", "the six digits that the radio shows or that are set in it are allowed");
  }
  return pin;
}

}  // namespace

RadioConfig read_radio(SectionReader section) {
  RadioConfig radio;
  radio.section = section.name();
  const auto type = section.choice("connection_type", "auto", {"auto", "serial", "tcp", "ble"},
                                   {.environment = "MESHTASTIC_CONNECTION"});
  const Settings settings{
      .device = section.text("device_path", ""),
      .host = section.text("tcp_host", "", {.environment = "MESHTASTIC_HOST"}),
      .ble = section.text("ble_address", "", {.environment = "MESHTASTIC_BLE_ADDRESS"}),
  };
  radio.ble_pin = read_pin(section);
  radio.choice = "connection_type = " + type;
  if (type == "auto") {
    radio.kind = choose(settings, radio.choice);
  } else if (type != "serial") {
    radio.kind = type == "tcp" ? RadioConfig::Kind::kTcp : RadioConfig::Kind::kBle;
  }
  switch (radio.kind) {
    case RadioConfig::Kind::kSerial:
      radio.device = settings.device;
      break;
    case RadioConfig::Kind::kTcp:
      if (settings.host.empty()) {
        section.mistake("tcp_host", "connection_type = tcp needs it: HOST or HOST:PORT");
      } else {
        read_tcp_host(section, settings.host, radio);
      }
      break;
    case RadioConfig::Kind::kBle:
      radio.ble_address = settings.ble;
      break;
  }
  return radio;
}

}  // namespace mmm::agent
