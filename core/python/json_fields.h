#pragma once

#include <simdjson.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

// Fields of a JSON object by name, in any order. Empty: missing, null, of another type, or not a finite number (Python
// writes NaN and Infinity). For files that include simdjson, which costs seconds, only.
namespace mmm::python {

namespace json = simdjson::ondemand;

inline std::optional<json::value> find(json::object& object, std::string_view name) {
  json::value value;
  if (object.find_field_unordered(name).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

inline std::optional<double> to_number(json::value value) {
  double number = 0;
  if (value.get_double().get(number) != simdjson::SUCCESS || !std::isfinite(number)) return std::nullopt;
  return number;
}

// A whole number in the range of Integer; 3.0 is one.
template <class Integer>
std::optional<Integer> to_integer(json::value value) {
  const auto number = to_number(value);
  if (!number || std::trunc(*number) != *number) return std::nullopt;
  // 2^63 and 2^64 are doubles, the numbers just below are not.
  const bool fits = *number >= static_cast<double>(std::numeric_limits<Integer>::min()) &&
                    *number < std::ldexp(1.0, std::numeric_limits<Integer>::digits);
  return fits ? std::optional(static_cast<Integer>(*number)) : std::nullopt;
}

inline std::optional<std::string_view> to_text(json::value value) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

inline std::optional<double> number(json::object& object, std::string_view name) {
  auto value = find(object, name);
  return value ? to_number(*value) : std::nullopt;
}

template <class Integer>
std::optional<Integer> integer(json::object& object, std::string_view name) {
  auto value = find(object, name);
  return value ? to_integer<Integer>(*value) : std::nullopt;
}

inline std::optional<std::string_view> text(json::object& object, std::string_view name) {
  auto value = find(object, name);
  return value ? to_text(*value) : std::nullopt;
}

inline bool is_true(json::object& object, std::string_view name) {
  auto value = find(object, name);
  bool flag = false;
  return value && value->get_bool().get(flag) == simdjson::SUCCESS && flag;
}

inline std::optional<json::object> child(json::object& object, std::string_view name) {
  auto value = find(object, name);
  json::object found;
  if (!value || value->get_object().get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

inline std::optional<json::array> array(json::object& object, std::string_view name) {
  auto value = find(object, name);
  json::array found;
  if (!value || value->get_array().get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

}  // namespace mmm::python
