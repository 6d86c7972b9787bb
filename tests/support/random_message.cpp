#include "tests/support/random_message.h"

#include "core/mesh/admin.pb.h"
#include "core/mesh/application.pb.h"
#include "core/mesh/channel.pb.h"
#include "core/mesh/config.pb.h"
#include "core/mesh/device_ui.pb.h"
#include "core/mesh/from_radio.pb.h"
#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/module_config.pb.h"
#include "core/mesh/mqtt.pb.h"
#include "core/mesh/node.pb.h"
#include "core/mesh/options.pb.h"
#include "core/mesh/position.pb.h"
#include "core/mesh/telemetry.pb.h"

#include <array>
#include <limits>
#include <string>

namespace mmm::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::uint64_t below(Random& random, std::uint64_t bound) {
  return random() % bound;
}

// Never zero, which a field without presence would not hold.
template <class T>
T random_integer(Random& random) {
  using Limits = std::numeric_limits<T>;
  const std::array<T, 5> ends = {Limits::min(), Limits::max(), T{1}, static_cast<T>(-1), Limits::max() / 2};
  T value{};
  switch (below(random, 4)) {
    case 0:
      value = ends[below(random, ends.size())];
      break;
    case 1:
      value = static_cast<T>(1 + below(random, 127));
      break;
    default:
      value = static_cast<T>(random());
  }
  return value == 0 ? T{1} : value;
}

template <class T>
T random_real(Random& random) {
  if (below(random, 8) == 0) return std::numeric_limits<T>::max();
  // Quarters of integers print and parse exactly.
  const auto quarters = static_cast<std::int32_t>(random() >> 40);
  return static_cast<T>(quarters == 0 ? 1 : quarters) / T{4};
}

std::string random_bytes(const FieldDescriptor& field, Random& random, Texts texts) {
  std::string bytes(1 + below(random, 40), '\0');
  const bool must_be_text = texts == Texts::kUtf8 && field.options().GetExtension(mesh::is_text);
  const bool text = must_be_text || below(random, 2) == 0;
  for (char& c : bytes) c = static_cast<char>(text ? 'a' + below(random, 26) : below(random, 256));
  return bytes;
}

int random_enum(const FieldDescriptor& field, Random& random) {
  if (below(random, 8) == 0) return 1000 + static_cast<int>(below(random, 1000));
  const auto* type = field.enum_type();
  return type->value(static_cast<int>(below(random, static_cast<std::uint64_t>(type->value_count()))))->number();
}

void fill_field(Message& message, const FieldDescriptor& field, Random& random, Texts texts) {
  const Reflection& reflection = *message.GetReflection();
  const auto put = [&](auto set, auto add, auto value) {
    field.is_repeated() ? (reflection.*add)(&message, &field, value) : (reflection.*set)(&message, &field, value);
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return put(&Reflection::SetInt32, &Reflection::AddInt32, random_integer<std::int32_t>(random));
    case FieldDescriptor::CPPTYPE_INT64:
      return put(&Reflection::SetInt64, &Reflection::AddInt64, random_integer<std::int64_t>(random));
    case FieldDescriptor::CPPTYPE_UINT32:
      return put(&Reflection::SetUInt32, &Reflection::AddUInt32, random_integer<std::uint32_t>(random));
    case FieldDescriptor::CPPTYPE_UINT64:
      return put(&Reflection::SetUInt64, &Reflection::AddUInt64, random_integer<std::uint64_t>(random));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return put(&Reflection::SetDouble, &Reflection::AddDouble, random_real<double>(random));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return put(&Reflection::SetFloat, &Reflection::AddFloat, random_real<float>(random));
    case FieldDescriptor::CPPTYPE_BOOL:
      return put(&Reflection::SetBool, &Reflection::AddBool, true);
    case FieldDescriptor::CPPTYPE_ENUM:
      return put(&Reflection::SetEnumValue, &Reflection::AddEnumValue, random_enum(field, random));
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.is_repeated()) return reflection.AddString(&message, &field, random_bytes(field, random, texts));
      return reflection.SetString(&message, &field, random_bytes(field, random, texts));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return fill_randomly(
          field.is_repeated() ? *reflection.AddMessage(&message, &field) : *reflection.MutableMessage(&message, &field),
          random, texts);
  }
}

void add_with_nested(const Descriptor& type, std::vector<const Descriptor*>& out) {
  out.push_back(&type);
  for (int i = 0; i < type.nested_type_count(); ++i) add_with_nested(*type.nested_type(i), out);
}

}  // namespace

void fill_randomly(Message& message, Random& random, Texts texts) {
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.real_containing_oneof() != nullptr) continue;
    const std::uint64_t count = field.is_repeated() ? 1 + below(random, 3) : 1;
    for (std::uint64_t k = 0; k < count; ++k) fill_field(message, field, random, texts);
  }
  for (int i = 0; i < type.real_oneof_decl_count(); ++i) {
    const auto& choice = *type.oneof_decl(i);
    const auto chosen = static_cast<int>(below(random, static_cast<std::uint64_t>(choice.field_count())));
    fill_field(message, *choice.field(chosen), random, texts);
  }
}

std::vector<const Descriptor*> all_mesh_messages() {
  // One type of each file; the files are reached through them.
  const std::array files = {
      mesh::AdminMessage::descriptor()->file(),   mesh::Paxcount::descriptor()->file(),
      mesh::Channel::descriptor()->file(),        mesh::Config::descriptor()->file(),
      mesh::DeviceUIConfig::descriptor()->file(), mesh::FromRadio::descriptor()->file(),
      mesh::MeshPacket::descriptor()->file(),     mesh::ModuleConfig::descriptor()->file(),
      mesh::MapReport::descriptor()->file(),      mesh::User::descriptor()->file(),
      mesh::Position::descriptor()->file(),       mesh::Telemetry::descriptor()->file(),
  };
  std::vector<const Descriptor*> types;
  for (const auto* file : files) {
    for (int i = 0; i < file->message_type_count(); ++i) add_with_nested(*file->message_type(i), types);
  }
  return types;
}

}  // namespace mmm::test
