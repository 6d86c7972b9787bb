// Our message definitions against those of Meshtastic's own JavaScript client (package @meshtastic/protobufs), with an
// encoder that has nothing in common with ours: the definitions themselves, their messages read by us, ours read by
// them.

#include "core/base/encoding.h"
#include "tests/protobufs_crosscheck/their_side.h"
#include "tests/protobufs_crosscheck/tree.h"
#include "tests/support/random_message.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <set>

namespace mmm::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

// Messages that we leave out or keep as unknown fields, all of it or in part: no view needs what they hold.
const std::set<std::string> kIncomplete = {"AdminMessage",
                                           "DeviceUIConfig",
                                           "XModem",
                                           "KeyVerificationNumberInform",
                                           "KeyVerificationNumberRequest",
                                           "KeyVerificationFinal",
                                           "DuplicatedPublicKey",
                                           "LowEntropyKey",
                                           "ModuleConfig.SerialConfig",
                                           "ModuleConfig.ExternalNotificationConfig",
                                           "ModuleConfig.RangeTestConfig",
                                           "ModuleConfig.CannedMessageConfig",
                                           "ModuleConfig.AudioConfig",
                                           "ModuleConfig.RemoteHardwareConfig",
                                           "ModuleConfig.AmbientLightingConfig",
                                           "ModuleConfig.DetectionSensorConfig",
                                           "ModuleConfig.PaxcounterConfig",
                                           "ModuleConfig.StatusMessageConfig"};

// Messages of firmware 2.8, which the package does not have yet.
const std::set<std::string> kNewerThanTheirs = {"LockdownStatus",
                                                "LoRaRegionPresetMap",
                                                "LoRaPresetGroup",
                                                "LoRaRegionPresets",
                                                "BoundingBox",
                                                "TrafficManagementStats",
                                                "MeshBeacon",
                                                "ModuleConfig.TrafficManagementConfig",
                                                "ModuleConfig.TAKConfig",
                                                "ModuleConfig.MeshBeaconConfig"};

// Names that we write otherwise: nested enumerations in the style of the rest.
const std::map<std::string, std::string> kRenamedEnums = {
    {"StoreForwardPlusPlus.SFPP_message_type", "StoreForwardPlusPlus.MessageType"}};

// Values that got another name after the package was made: number and their name.
const std::map<std::pair<std::string, int>, std::string> kRenamedValues = {{{"HardwareModel", 27}, "SENSELORA_RP2040"},
                                                                           {{"HardwareModel", 28}, "SENSELORA_S3"}};

// Fields that became optional after the package was made: on the wire the same.
const std::set<std::string> kOptionalSince = {"MeshPacket.rx_time", "MeshPacket.rx_rssi"};

// Both sides' names without what is style: "hasPKC" and "has_pkc" are the same field.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '_') plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return plain;
}

const EnumDescriptor* our_enum(const std::string& name) {
  const auto renamed = kRenamedEnums.find(name);
  return google::protobuf::DescriptorPool::generated_pool()->FindEnumTypeByName(
      "mmm.mesh." + (renamed == kRenamedEnums.end() ? name : renamed->second));
}

// True when every value of `part` is in `whole` too, at the same place.
bool is_within(const boost::json::value& part, const boost::json::value& whole) {
  if (part.is_object() && whole.is_object()) {
    return std::ranges::all_of(part.as_object(), [&whole](const auto& entry) {
      const boost::json::value* same = whole.as_object().if_contains(entry.key());
      return same != nullptr && is_within(entry.value(), *same);
    });
  }
  if (part.is_array() && whole.is_array()) {
    return std::ranges::equal(part.as_array(), whole.as_array(), is_within);
  }
  return part == whole;
}

// Our field's type in their words. Text is bytes for us, enumerations whose names we do not show are numbers.
std::string type_in_their_words(const FieldDescriptor& ours, const std::string& theirs) {
  if (ours.message_type() != nullptr) return "message " + protocol_name(*ours.message_type());
  if (ours.enum_type() != nullptr) {
    return theirs.starts_with("enum ") && our_enum(theirs.substr(5)) == ours.enum_type() ? theirs : "another enum";
  }
  const std::string name = ours.type_name();
  if (name == "bytes" && theirs == "string") return theirs;
  if (name == "int32" && theirs.starts_with("enum ") && our_enum(theirs.substr(5)) == nullptr) return theirs;
  return name;
}

void compare_field(const std::string& type_name, const FieldDescriptor& ours, const boost::json::object& theirs) {
  const std::string where = type_name + "." + std::string(theirs.at("name").as_string());
  const std::string type(theirs.at("type").as_string());
  EXPECT_EQ(plain_name(ours.name()), plain_name(theirs.at("name").as_string())) << where;
  EXPECT_EQ(type_in_their_words(ours, type), type) << where;
  EXPECT_EQ(ours.is_repeated(), theirs.at("repeated").as_bool()) << where;
  const auto* oneof = ours.real_containing_oneof();
  EXPECT_EQ(oneof == nullptr ? "" : oneof->name(), std::string(theirs.at("oneof").as_string())) << where;
  if (!kOptionalSince.contains(where)) EXPECT_EQ(ours.has_presence(), theirs.at("presence").as_bool()) << where;
}

TEST(ProtobufsCrosscheck, FieldsHaveTheSameNumbersTypesAndNames) {
  std::set<std::string> shared;
  for (const auto& line : ask_their_side("schema")) {
    if (!line.contains("message")) continue;
    const std::string name(line.at("message").as_string());
    const Descriptor* type = our_type(name);
    if (type == nullptr) continue;
    shared.insert(name);
    for (const auto& value : line.at("fields").as_array()) {
      const auto& theirs = value.as_object();
      const FieldDescriptor* ours = type->FindFieldByNumber(static_cast<int>(theirs.at("number").as_int64()));
      if (ours != nullptr) {
        compare_field(name, *ours, theirs);
      } else {
        EXPECT_TRUE(kIncomplete.contains(name)) << name << "." << theirs.at("name");
      }
    }
  }
  EXPECT_GE(shared.size(), 70U);
  for (const Descriptor* type : all_mesh_messages()) {
    const std::string name = protocol_name(*type);
    EXPECT_NE(shared.contains(name), kNewerThanTheirs.contains(name)) << name;
  }
}

TEST(ProtobufsCrosscheck, EnumerationsHaveTheSameValues) {
  int compared = 0;
  for (const auto& line : ask_their_side("schema")) {
    if (!line.contains("enum")) continue;
    const std::string name(line.at("enum").as_string());
    const EnumDescriptor* ours = our_enum(name);
    if (ours == nullptr) continue;
    ++compared;
    for (const auto& value : line.at("values").as_array()) {
      const int number = static_cast<int>(value.at(0).as_int64());
      const std::string their_name(value.at(1).as_string());
      const auto* mine = ours->FindValueByNumber(number);
      ASSERT_NE(mine, nullptr) << name << " lacks " << their_name;
      const auto renamed = kRenamedValues.find({name, number});
      if (renamed != kRenamedValues.end()) {
        EXPECT_EQ(renamed->second, their_name) << name;
      } else {
        EXPECT_EQ(mine->name(), their_name) << name;
      }
    }
  }
  EXPECT_GE(compared, 24);
}

TEST(ProtobufsCrosscheck, TheirMessagesSurviveUs) {
  std::vector<boost::json::object> originals;
  std::vector<boost::json::object> returned;
  for (auto& line : ask_their_side("encode 20261124 40")) {
    const std::string name(line.at("type").as_string());
    const Descriptor* type = our_type(name);
    if (type == nullptr) continue;
    const auto message = make_message(*type);
    const std::string bytes = *from_hex(std::string(line.at("hex").as_string()));
    ASSERT_TRUE(message->ParseFromString(bytes)) << name;

    boost::json::object expected = line.at("tree").as_object();
    remove_unknown(expected, *type);
    EXPECT_EQ(boost::json::value(tree_of(*message)), boost::json::value(expected)) << name;

    // The same bytes, except that fields we do not know come last.
    const std::string encoded = message->SerializeAsString();
    EXPECT_EQ(encoded.size(), bytes.size()) << name;
    if (expected == line.at("tree").as_object()) EXPECT_EQ(to_hex(encoded), to_hex(bytes)) << name;
    returned.push_back({{"type", name}, {"hex", to_hex(encoded)}});
    originals.push_back(std::move(line));
  }
  ASSERT_GE(originals.size(), 70U * 40U);
  const auto again = ask_their_side("decode", returned);
  ASSERT_EQ(again.size(), originals.size());
  for (std::size_t i = 0; i < again.size(); ++i) {
    EXPECT_EQ(again[i].at("tree"), originals[i].at("tree")) << originals[i].at("type");
  }
}

TEST(ProtobufsCrosscheck, OurMessagesSurviveThem) {
  std::set<std::string> theirs;
  for (const auto& line : ask_their_side("schema")) {
    if (line.contains("message")) theirs.emplace(line.at("message").as_string());
  }
  Random random(20261124);
  std::vector<std::unique_ptr<google::protobuf::Message>> messages;
  std::vector<boost::json::object> sent;
  for (const Descriptor* type : all_mesh_messages()) {
    if (!theirs.contains(protocol_name(*type))) continue;
    for (int i = 0; i < 40; ++i) {
      auto message = make_message(*type);
      fill_randomly(*message, random, Texts::kUtf8);
      sent.push_back({{"type", protocol_name(*type)}, {"hex", to_hex(message->SerializeAsString())}});
      messages.push_back(std::move(message));
    }
  }
  const auto returned = ask_their_side("decode", sent);
  ASSERT_EQ(returned.size(), sent.size());
  for (std::size_t i = 0; i < returned.size(); ++i) {
    const auto again = make_message(*messages[i]->GetDescriptor());
    ASSERT_TRUE(again->ParseFromString(*from_hex(std::string(returned[i].at("hex").as_string()))));
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*messages[i], *again)) << sent[i].at("type");
    // They saw what we wrote, as far as they know it.
    EXPECT_TRUE(is_within(returned[i].at("tree"), tree_of(*messages[i]))) << sent[i].at("type");
  }
}

}  // namespace
}  // namespace mmm::test
