#include "ingest/python/body.h"

#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/base/time.h"
#include "core/python/json_check.h"
#include "core/python/json_fields.h"
#include "core/upload/upload_codec.h"

#include <xxhash.h>

namespace mmm::ingest::python {
namespace {

namespace json = simdjson::ondemand;
using mmm::python::array;
using mmm::python::to_number;
using mmm::python::to_text;

constexpr std::size_t kAgentIdTextBytesMax = 256;

std::unexpected<Error> malformed(simdjson::error_code error) {
  const auto kind =
      error == simdjson::DEPTH_ERROR || error == simdjson::CAPACITY ? ErrorKind::kTooLarge : ErrorKind::kMalformed;
  return fail(kind, "the body is not the JSON that an agent posts: {}", simdjson::error_message(error));
}

std::int64_t to_time_us(std::optional<std::string_view> iso) {
  const auto time = iso ? parse_iso8601(*iso) : std::nullopt;
  return time ? to_micros(*time) : 0;
}

upload::Location read_location(json::object& object) {
  upload::Location location;
  if (const auto name = mmm::python::text(object, "name")) location.set_name(fitting_location_name(*name));
  auto coordinates = array(object, "coordinates");
  if (!coordinates) return location;
  std::vector<double> degrees;
  for (auto element : *coordinates) {
    json::value value;
    if (degrees.size() == 2 || element.get(value) != simdjson::SUCCESS) break;
    degrees.push_back(to_number(value).value_or(1000));
  }
  if (degrees.size() < 2 || std::abs(degrees[0]) > 90 || std::abs(degrees[1]) > 180) return location;
  location.set_latitude(degrees[0]);
  location.set_longitude(degrees[1]);
  return location;
}

// Reads the members of a body one after the other.
class BodyReader {
 public:
  explicit BodyReader(Body& body) : body_(body) {}

  Result<> read(Endpoint endpoint, json::object& root, std::string_view text) {
    for (auto member : root) {
      std::string_view name;
      json::value value;
      if (const auto error = member.unescaped_key().get(name)) return malformed(error);
      if (const auto error = member.value().get(value)) return malformed(error);
      if (auto taken = take(endpoint, name, value); !taken) return taken;
    }
    if (endpoint == Endpoint::kRegister) {
      body_.counted = 1;
      return add(upload::RECORD_KIND_LEGACY_REGISTER, text, 0);
    }
    return {};
  }

 private:
  Result<> take(Endpoint endpoint, std::string_view name, json::value& value) {
    if (name == "agent_id") {
      body_.agent_id = std::string(to_text(value).value_or(""));
    } else if (name == "timestamp") {
      body_.sent_us = to_time_us(to_text(value));
    } else if (name == "location") {
      return take_location(value);
    } else if (endpoint == Endpoint::kData && name == "packets") {
      return take_list(value, upload::RECORD_KIND_LEGACY_DATA, true);
    } else if (endpoint == Endpoint::kData && name == "node_status") {
      return take_list(value, upload::RECORD_KIND_LEGACY_NODE_STATUS, false);
    } else if (endpoint == Endpoint::kRoutes && name == "routes") {
      return take_list(value, upload::RECORD_KIND_LEGACY_ROUTES, true);
    } else if (endpoint == Endpoint::kNodeList && name == "nodes") {
      return take_nodes(value);
    }
    return check(value);
  }

  static Result<> check(json::value value) {
    const auto error = mmm::python::check_json(value, limits::kPythonJsonDepthMax);
    if (error != simdjson::SUCCESS) return malformed(error);
    return {};
  }

  Result<> take_location(json::value& value) {
    json::object location;
    if (value.get_object().get(location) != simdjson::SUCCESS) return check(value);
    if (auto checked = check_members(location); !checked) return checked;
    body_.location = read_location(location);
    return {};
  }

  // Checks all of the object and goes back to its start.
  static Result<> check_members(json::object& object) {
    for (auto member : object) {
      json::value value;
      if (const auto error = member.value().get(value)) return malformed(error);
      if (auto checked = check(value); !checked) return checked;
    }
    bool is_empty = false;
    if (const auto error = object.reset().get(is_empty)) return malformed(error);
    return {};
  }

  // An object as text, checked and at its start again. Empty: it is none.
  Result<std::string_view> object_text(json::value& value, json::object& object) {
    if (value.get_object().get(object) != simdjson::SUCCESS) {
      ++body_.refused;
      if (auto checked = check(value); !checked) return fail(checked.error());
      return std::string_view();
    }
    std::string_view text;
    bool is_empty = false;
    if (const auto error = object.raw_json().get(text)) return malformed(error);
    if (const auto error = object.reset().get(is_empty)) return malformed(error);
    if (auto checked = check_members(object); !checked) return fail(checked.error());
    return text;
  }

  Result<> take_list(json::value& value, upload::RecordKind kind, bool is_counted) {
    json::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS) return check(value);
    for (auto element : list) {
      json::value item;
      json::object object;
      if (const auto error = element.get(item)) return malformed(error);
      if (is_counted) ++body_.counted;
      auto text = object_text(item, object);
      if (!text) return fail(text.error());
      if (text->empty()) continue;
      const bool has_time = kind == upload::RECORD_KIND_LEGACY_DATA;
      const std::int64_t time_us = has_time ? to_time_us(mmm::python::text(object, "timestamp")) : 0;
      if (auto added = add(kind, *text, time_us); !added) return added;
    }
    return {};
  }

  Result<> take_nodes(json::value& value) {
    json::object nodes;
    if (value.get_object().get(nodes) != simdjson::SUCCESS) return check(value);
    for (auto member : nodes) {
      json::raw_json_string key;
      json::value item;
      json::object object;
      if (const auto error = member.key().get(key)) return malformed(error);
      if (const auto error = member.value().get(item)) return malformed(error);
      ++body_.counted;
      auto text = object_text(item, object);
      if (!text) return fail(text.error());
      if (text->empty()) continue;
      // From the quote before the key to the end of the object.
      const char* start = key.raw() - 1;
      const std::string_view both(start, static_cast<std::size_t>(text->data() + text->size() - start));
      if (auto added = add(upload::RECORD_KIND_LEGACY_NODEDB, body_.made.emplace_back(fmt::format("{{{}}}", both)), 0);
          !added) {
        return added;
      }
    }
    return {};
  }

  Result<> add(upload::RecordKind kind, std::string_view text, std::int64_t time_us) {
    if (text.size() > limits::kRecordPayloadBytesMax) {
      ++body_.refused;
      return {};
    }
    if (body_.entries.size() == limits::kPythonEntriesMax) {
      return fail(ErrorKind::kTooLarge, "the body has more than {} entries", limits::kPythonEntriesMax);
    }
    body_.entries.push_back({.kind = kind, .json = text, .time_us = time_us});
    return {};
  }

  Body& body_;
};

}  // namespace

Result<Body> parse_body(Endpoint endpoint, std::string& text) {
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  const simdjson::padded_string_view view(text.data(), text.size(), text.capacity());
  json::parser parser;
  json::document document;
  json::object root;
  if (const auto error = parser.iterate(view).get(document)) return malformed(error);
  if (const auto error = document.get_object().get(root)) return malformed(error);
  Body body;
  if (auto read = BodyReader(body).read(endpoint, root, text); !read) return fail(read.error());
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::SUCCESS) return malformed(simdjson::TRAILING_CONTENT);
  if (body.agent_id.empty() || body.agent_id.size() > kAgentIdTextBytesMax) {
    return fail(ErrorKind::kMalformed, "the body must have an agent_id, a text of 1 to {} bytes", kAgentIdTextBytesMax);
  }
  return body;
}

std::string subject_of(upload::RecordKind kind, std::string_view text) {
  if (kind != upload::RECORD_KIND_LEGACY_NODEDB && kind != upload::RECORD_KIND_LEGACY_NODE_STATUS) return {};
  if (!mmm::python::is_json(text)) return {};
  std::string padded;
  padded.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  padded.assign(text);
  json::parser parser;
  json::document document;
  json::object object;
  const simdjson::padded_string_view view(padded.data(), padded.size(), padded.capacity());
  if (parser.iterate(view).get(document) != simdjson::SUCCESS) return {};
  if (document.get_object().get(object) != simdjson::SUCCESS) return {};
  if (kind == upload::RECORD_KIND_LEGACY_NODE_STATUS) {
    return std::string(mmm::python::text(object, "node_id").value_or(""));
  }
  for (auto member : object) {
    std::string_view name;
    if (member.unescaped_key().get(name) != simdjson::SUCCESS) break;
    return std::string(name);
  }
  return {};
}

std::string fitting_location_name(std::string_view name) {
  std::size_t size = std::min(name.size(), limits::kLocationNameBytesMax);
  while (size < name.size() && size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80U) --size;
  return std::string(name.substr(0, size));
}

std::string stored_agent_id(std::string_view agent_id) {
  if (upload::is_valid_agent_id(agent_id)) return std::string(agent_id);
  const std::string hash = fmt::format("-{:08x}", XXH3_64bits(agent_id.data(), agent_id.size()) >> 32U);
  std::string id(agent_id.substr(0, limits::kAgentIdBytesMax - hash.size()));
  for (char& c : id) {
    if (!upload::is_valid_agent_id(std::string_view(&c, 1))) c = '_';
  }
  return id + hash;
}

}  // namespace mmm::ingest::python
