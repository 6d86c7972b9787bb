#include "core/mesh/payload_json.h"

#include "core/base/encoding.h"
#include "core/mesh/options.pb.h"

#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <iterator>
#include <vector>

namespace mmm::mesh {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The largest integer that a JavaScript number holds exactly.
constexpr std::uint64_t kExactIntegerMax = (std::uint64_t{1} << 53) - 1;

// `text` is valid UTF-8.
void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void append_number(std::string& out, std::floating_point auto value) {
  if (std::isfinite(value)) {
    fmt::format_to(std::back_inserter(out), "{}", value);
  } else {
    out += "null";
  }
}

void append_number(std::string& out, std::integral auto value) {
  const bool negative = std::cmp_less(value, 0);
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  if (magnitude <= kExactIntegerMax) {
    out += fmt::to_string(value);
  } else {
    append_quoted(out, fmt::to_string(value));
  }
}

void append_bytes(std::string& out, const FieldDescriptor& field, const std::string& bytes) {
  append_quoted(out, field.options().GetExtension(is_text) ? sanitize_utf8(bytes) : to_hex(bytes));
}

void append_enum(std::string& out, const FieldDescriptor& field, int number) {
  const auto* value = field.enum_type()->FindValueByNumber(number);
  if (value != nullptr) {
    append_quoted(out, value->name());
  } else {
    append_number(out, number);
  }
}

void append_message(std::string& out, const Message& message);

// One value of a field: the element `index` of a repeated one, or with index < 0 the only one.
void append_value(std::string& out, const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *message.GetReflection();
  const auto get = [&](auto single, auto repeated) -> decltype(auto) {
    return index < 0 ? (reflection.*single)(message, &field) : (reflection.*repeated)(message, &field, index);
  };
  if (field.options().GetExtension(is_secret)) {
    out += "\"(secret)\"";
    return;
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return append_number(out, get(&Reflection::GetInt32, &Reflection::GetRepeatedInt32));
    case FieldDescriptor::CPPTYPE_INT64:
      return append_number(out, get(&Reflection::GetInt64, &Reflection::GetRepeatedInt64));
    case FieldDescriptor::CPPTYPE_UINT32:
      return append_number(out, get(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32));
    case FieldDescriptor::CPPTYPE_UINT64:
      return append_number(out, get(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return append_number(out, get(&Reflection::GetDouble, &Reflection::GetRepeatedDouble));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return append_number(out, get(&Reflection::GetFloat, &Reflection::GetRepeatedFloat));
    case FieldDescriptor::CPPTYPE_BOOL:
      out += get(&Reflection::GetBool, &Reflection::GetRepeatedBool) ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      return append_enum(out, field, get(&Reflection::GetEnumValue, &Reflection::GetRepeatedEnumValue));
    case FieldDescriptor::CPPTYPE_STRING:
      return append_bytes(out, field, get(&Reflection::GetString, &Reflection::GetRepeatedString));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return append_message(out, index < 0 ? reflection.GetMessage(message, &field)
                                           : reflection.GetRepeatedMessage(message, &field, index));
  }
}

void append_message(std::string& out, const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  out.push_back('{');
  bool first = true;
  for (const FieldDescriptor* field : fields) {
    if (!first) out.push_back(',');
    first = false;
    append_quoted(out, field->name());
    out.push_back(':');
    if (!field->is_repeated()) {
      append_value(out, message, *field, -1);
      continue;
    }
    out.push_back('[');
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (i != 0) out.push_back(',');
      append_value(out, message, *field, i);
    }
    out.push_back(']');
  }
  out.push_back('}');
}

}  // namespace

std::string message_to_json(const Message& message) {
  std::string out;
  append_message(out, message);
  return out;
}

std::string payload_to_json(const Payload& payload) {
  std::string out;
  if (const auto* raw = std::get_if<RawPayload>(&payload)) {
    return fmt::format(R"({{"raw":"{}","reason":"{}"}})", to_hex(raw->bytes), to_string(raw->reason));
  }
  if (const auto* text = std::get_if<TextPayload>(&payload)) {
    out = "{\"text\":";
    append_quoted(out, sanitize_utf8(text->text));
    out.push_back('}');
    return out;
  }
  std::visit(
      [&out](const auto& value) {
        if constexpr (std::is_base_of_v<Message, std::decay_t<decltype(value)>>) append_message(out, value);
      },
      payload);
  return out;
}

}  // namespace mmm::mesh
