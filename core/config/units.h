#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Numbers with units, as people write them in configuration files. Empty for anything else.
namespace mmm::config {

std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_number(std::string_view text);  // finite
std::optional<bool> parse_boolean(std::string_view text);
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::optional<std::uint64_t> parse_byte_size(std::string_view text);

// "64 MiB", "1000 bytes"; "30 s", "250 ms": for messages.
std::string describe_byte_size(std::uint64_t bytes);
std::string describe_duration(std::chrono::milliseconds duration);

}  // namespace mmm::config
