#pragma once

#include <boost/json.hpp>
#include <google/protobuf/message.h>

#include <memory>
#include <string>

namespace mmm::test {

// A message as JSON that both sides can make: an object by field number, of the fields that are set. crosscheck.mjs
// says how values are written.
boost::json::object tree_of(const google::protobuf::Message& message);

// Takes out what `type` has no field for, at every depth.
void remove_unknown(boost::json::object& tree, const google::protobuf::Descriptor& type);

// Our type by its name within the protocol ("Config.LoRaConfig"), null when we have none; and an empty message of it.
const google::protobuf::Descriptor* our_type(const std::string& name);
std::unique_ptr<google::protobuf::Message> make_message(const google::protobuf::Descriptor& type);

// Our type's name within the protocol.
std::string protocol_name(const google::protobuf::Descriptor& type);

}  // namespace mmm::test
