#include "tests/protobufs_crosscheck/tree.h"

#include "core/base/encoding.h"

#include <bit>
#include <vector>

namespace mmm::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::string_view kPackage = "mmm.mesh.";

// `index` of a repeated field, -1 for the value of any other.
boost::json::value value_tree(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& r = *message.GetReflection();
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return fmt::to_string(one ? r.GetInt32(message, &field) : r.GetRepeatedInt32(message, &field, index)).c_str();
    case FieldDescriptor::CPPTYPE_INT64:
      return fmt::to_string(one ? r.GetInt64(message, &field) : r.GetRepeatedInt64(message, &field, index)).c_str();
    case FieldDescriptor::CPPTYPE_UINT32:
      return fmt::to_string(one ? r.GetUInt32(message, &field) : r.GetRepeatedUInt32(message, &field, index)).c_str();
    case FieldDescriptor::CPPTYPE_UINT64:
      return fmt::to_string(one ? r.GetUInt64(message, &field) : r.GetRepeatedUInt64(message, &field, index)).c_str();
    case FieldDescriptor::CPPTYPE_ENUM:
      return fmt::to_string(one ? r.GetEnumValue(message, &field) : r.GetRepeatedEnumValue(message, &field, index))
          .c_str();
    case FieldDescriptor::CPPTYPE_FLOAT: {
      const float value = one ? r.GetFloat(message, &field) : r.GetRepeatedFloat(message, &field, index);
      return fmt::format("{:08x}", std::bit_cast<std::uint32_t>(value)).c_str();
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const double value = one ? r.GetDouble(message, &field) : r.GetRepeatedDouble(message, &field, index);
      return fmt::format("{:016x}", std::bit_cast<std::uint64_t>(value)).c_str();
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return one ? r.GetBool(message, &field) : r.GetRepeatedBool(message, &field, index);
    case FieldDescriptor::CPPTYPE_STRING:
      return to_hex(one ? r.GetString(message, &field) : r.GetRepeatedString(message, &field, index)).c_str();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return tree_of(one ? r.GetMessage(message, &field) : r.GetRepeatedMessage(message, &field, index));
  }
  return nullptr;
}

void remove_from_value(boost::json::value& value, const FieldDescriptor& field) {
  if (field.message_type() == nullptr) {
    return;
  }
  if (value.is_object()) {
    mmm::test::remove_unknown(value.as_object(), *field.message_type());
  } else {
    for (boost::json::value& item : value.as_array()) remove_from_value(item, field);
  }
}

}  // namespace

boost::json::object tree_of(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  boost::json::object tree;
  for (const FieldDescriptor* field : fields) {
    boost::json::value value;
    if (field->is_repeated()) {
      boost::json::array& items = value.emplace_array();
      for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i) {
        items.push_back(value_tree(message, *field, i));
      }
    } else {
      value = value_tree(message, *field, -1);
    }
    tree[fmt::to_string(field->number())] = std::move(value);
  }
  return tree;
}

void remove_unknown(boost::json::object& tree, const Descriptor& type) {
  for (auto entry = tree.begin(); entry != tree.end();) {
    const FieldDescriptor* field = type.FindFieldByNumber(std::stoi(std::string(entry->key())));
    if (field == nullptr) {
      entry = tree.erase(entry);
    } else {
      remove_from_value(entry->value(), *field);
      ++entry;
    }
  }
}

const Descriptor* our_type(const std::string& name) {
  return google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(std::string(kPackage) + name);
}

std::unique_ptr<Message> make_message(const Descriptor& type) {
  const Message* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
  return std::unique_ptr<Message>(prototype->New());
}

std::string protocol_name(const Descriptor& type) {
  return type.full_name().substr(kPackage.size());
}

}  // namespace mmm::test
