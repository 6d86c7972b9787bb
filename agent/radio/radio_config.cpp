#include "agent/radio/radio_config.h"

#include "agent/radio/tcp_transport.h"
#include "core/base/limits.h"
#include "core/upload/upload_codec.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>
#include <vector>

namespace mmm::agent {
namespace {

using config::SectionReader;

// Of the first radio, and what the names of the others begin with.
constexpr std::string_view kSection = "meshtastic";
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

std::string read_pin(SectionReader& section, const std::string& environment) {
  auto pin = section.secret("ble_pin", {.environment = environment + "_BLE_PIN"}).value_or("");
  const bool digits = std::ranges::all_of(pin, [](char byte) { return byte >= '0' && byte <= '9'; });
  if (!pin.empty() && (pin.size() != kPinDigits || !digits)) {
    section.mistake("ble_pin", "the six digits that the radio shows or that are set in it are allowed");
  }
  return pin;
}

RadioConfig read_radio(SectionReader& section) {
  RadioConfig radio;
  radio.section = section.name();
  std::string environment = radio.section;
  std::ranges::transform(environment, environment.begin(), [](unsigned char byte) { return std::toupper(byte); });
  const auto type = section.choice("connection_type", "auto", {"auto", "serial", "tcp", "ble"},
                                   {.environment = environment + "_CONNECTION"});
  const Settings settings{
      .device = section.text("device_path", ""),
      .host = section.text("tcp_host", "", {.environment = environment + "_HOST"}),
      .ble = section.text("ble_address", "", {.environment = environment + "_BLE_ADDRESS"}),
  };
  radio.ble_pin = read_pin(section, environment);
  radio.set_time = section.boolean("set_time", false);
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

// What one radio is reached by, and no other may be; empty: it is looked for.
std::string_view address_of(const RadioConfig& radio) {
  switch (radio.kind) {
    case RadioConfig::Kind::kTcp:
      return radio.host;
    case RadioConfig::Kind::kBle:
      return radio.ble_address;
    case RadioConfig::Kind::kSerial:
      break;
  }
  return radio.device;
}

const char* address_key(RadioConfig::Kind kind) {
  static constexpr const char* kKeys[] = {"device_path", "tcp_host", "ble_address"};
  return kKeys[static_cast<std::size_t>(kind)];
}

// One that looks for its radio would find that of another.
void check_apart(SectionReader& section, const RadioConfig& radio, const std::vector<RadioConfig>& others) {
  if (address_of(radio).empty()) {
    section.mistake(address_key(radio.kind), "with several radios each needs to say which one it is");
    return;
  }
  for (const RadioConfig& other : others) {
    if (other.kind != radio.kind || address_of(other) != address_of(radio) || other.port != radio.port) continue;
    section.mistake(address_key(radio.kind), fmt::format("[{}] has that radio already", other.section));
  }
}

}  // namespace

std::vector<RadioConfig> read_radios(config::ConfigReader& reader, const std::filesystem::path& buffer_path) {
  auto sections = reader.sections_with_prefix(kSection);
  if (sections.empty()) sections.push_back(reader.section(kSection));
  std::vector<RadioConfig> radios;
  for (auto& section : sections) {
    RadioConfig radio = read_radio(section);
    const auto suffix = section.name().substr(kSection.size());
    if (!upload::is_valid_radio_name(section.name()) || (!suffix.empty() && !suffix.starts_with('_'))) {
      section.mistake("connection_type",
                      fmt::format("the section's name must be [{}] or [{}_NAME], with letters, digits, '.', '_' and "
                                  "'-', {} characters at most",
                                  kSection, kSection, limits::kRadioNameBytesMax));
    }
    if (sections.size() > 1) check_apart(section, radio, radios);
    radio.buffer_path = buffer_path;
    if (!radios.empty()) {
      radio.buffer_path.replace_filename(buffer_path.stem().string() + suffix + buffer_path.extension().string());
    }
    radios.push_back(std::move(radio));
    if (radios.size() == limits::kRadiosMax + 1) {
      section.mistake("connection_type", fmt::format("an agent may have {} radios at most", limits::kRadiosMax));
    }
  }
  return radios;
}

}  // namespace mmm::agent
