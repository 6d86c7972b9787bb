// Configuration files, on any bytes, read as the server's and as the agent's: every mistake is a line of text that
// names the file, and no value gets past its bounds.

#include "agent/config.h"
#include "core/base/check.h"
#include "core/config/config_reader.h"
#include "ingest/config.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using mmm::config::ConfigReader;

constexpr const char* kName = "some.ini";

// A few variables, so that ${NAME} is expanded.
std::optional<std::string> environment(const std::string& name) {
  if (name == "HOME") return "/home/someone";
  if (name == "LONG") return std::string(1000, 'x');
  return std::nullopt;
}

ConfigReader reader_of(std::string_view text) {
  std::vector<std::string> mistakes;
  auto file = mmm::config::parse_ini(text, kName, mistakes);
  for (const auto& section : file.sections) {
    for (const auto& entry : section.entries) MMM_CHECK(!entry.key.empty() && entry.line > 0);
  }
  return ConfigReader(std::move(file), std::move(mistakes), environment);
}

void check_mistakes(const std::vector<std::string>& mistakes) {
  for (const std::string& mistake : mistakes) MMM_CHECK(mistake.find(kName) != std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto server = mmm::ingest::read_server_config(reader_of(text));
  check_mistakes(server.mistakes);
  MMM_CHECK(server.config.threads >= 1 && server.config.threads <= 64);
  std::vector<std::string> mistakes;
  ConfigReader reader = reader_of(text);
  static_cast<void>(mmm::agent::read_config(reader, mistakes));
  check_mistakes(mistakes);
  return 0;
}
