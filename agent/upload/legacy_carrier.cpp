#include "agent/upload/legacy_carrier.h"

#include "core/async/offload.h"
#include "core/base/encoding.h"
#include "core/mesh/decode.h"
#include "core/mesh/packet.h"
#include "core/python/entry_writer.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <map>

namespace mmm::agent {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

json::object location_of(const upload::UploadHeader& header) {
  const auto& location = header.location();
  json::array coordinates{nullptr, nullptr};
  if (location.has_latitude() && location.has_longitude()) coordinates = {location.latitude(), location.longitude()};
  return {{"name", sanitize_utf8(location.name())}, {"coordinates", std::move(coordinates)}};
}

std::string register_body(const upload::UploadHeader& header) {
  return json::serialize(json::object{{"agent_id", header.agent_id()}, {"location", location_of(header)}});
}

std::string packets_body(const upload::UploadHeader& header, const std::vector<upload::RecordView>& records) {
  std::string packets;
  mesh::FromRadio message;
  for (const auto& record : records) {
    if (!mesh::decode_from_radio(record.payload, message)) continue;  // carries() lets none of these pass
    if (!packets.empty()) packets += ", ";
    packets += python::packet_entry(message.packet(), record.arrival_us);
  }
  return fmt::format(R"({{"agent_id": "{}", "location": {}, "timestamp": "{}", "packets": [{}]}})", header.agent_id(),
                     json::serialize(location_of(header)), python::time_text(header.sent_us()), packets);
}

std::string nodes_body(const upload::UploadHeader& header, const std::vector<upload::RecordView>& records) {
  // A node is there once: what the radio said of it last.
  std::map<mesh::NodeNum, std::string> members;
  mesh::FromRadio message;
  for (const auto& record : records) {
    if (!mesh::decode_from_radio(record.payload, message)) continue;
    members[message.node_info().num()] = python::node_list_member(message.node_info());
  }
  std::string nodes;
  for (const auto& [node, member] : members) {
    if (!nodes.empty()) nodes += ", ";
    nodes += member;
  }
  return fmt::format(R"({{"agent_id": "{}", "timestamp": "{}", "nodes": {{{}}}}})", header.agent_id(),
                     python::time_text(header.sent_us()), nodes);
}

// A page of a network that wants a login is 200 as well.
bool is_success(std::string_view body) {
  boost::system::error_code error;
  const auto value = json::parse(body, error);
  const auto* status = !error && value.is_object() ? value.get_object().if_contains("status") : nullptr;
  return status != nullptr && status->is_string() && status->get_string() == "success";
}

}  // namespace

bool LegacyCarrier::carries(const Record& record) const {
  const bool is_packet = record.kind == upload::RECORD_KIND_MESH_PACKET;
  if (!is_packet && record.kind != upload::RECORD_KIND_NODE_INFO) return false;
  const auto message = mesh::decode_from_radio(record.payload);
  if (!message) return false;
  if (is_packet) return message->has_packet() && mesh::view_packet(message->packet(), 0).is_heard();
  return message->has_node_info() && message->node_info().num() >= mesh::kNodeNumMin &&
         !mesh::is_broadcast(message->node_info().num());
}

asio::awaitable<Carrier::Sent> LegacyCarrier::send(const upload::UploadHeader& header,
                                                   const std::vector<upload::RecordView>& records, bool) {
  if (!registered_) {
    const std::string body = register_body(header);
    auto answer = co_await post("/api/agent/register", body, 0);
    // As the Python version's agents do: a server that cannot register takes data all the same, perhaps.
    const Outcome outcome = answer.answer.outcome;
    registered_ = outcome == Outcome::kAccepted;
    if (!registered_ && outcome != Outcome::kRefused && outcome != Outcome::kServerError) co_return answer;
  }
  const bool are_nodes = !records.empty() && records.front().kind == upload::RECORD_KIND_NODE_INFO;
  auto job = [&header, &records, are_nodes] {
    return are_nodes ? nodes_body(header, records) : packets_body(header, records);
  };
  const std::string body = co_await offload(pool_, std::move(job));
  auto sent = co_await post(are_nodes ? "/api/agent/nodedb" : "/api/agent/data", body,
                            records.empty() ? 0 : records.back().seq);
  if (sent.answer.outcome == Outcome::kAccepted) registered_ = true;
  co_return sent;
}

asio::awaitable<Carrier::Sent> LegacyCarrier::post(std::string path, const std::string& body, std::uint64_t last_seq) {
  std::vector<http::Header> headers;
  headers.push_back({.name = "content-type", .value = "application/json"});
  if (!api_key_.empty()) headers.push_back({.name = "x-api-key", .value = api_key_});
  const auto result = co_await poster_->post(std::move(path), std::move(headers), body);
  Sent sent{.answer = {}, .bytes = body.size()};
  if (!result || result->status != 200) {
    sent.answer = interpret_failure(result, time_.wall());
  } else if (is_success(result->body)) {
    sent.answer.outcome = Outcome::kAccepted;
    sent.answer.response.set_durable_seq(last_seq);
  } else {
    sent.answer.reason =
        "HTTP 200, but not the answer of a server that takes the Python version's agents: is the url right, or is "
        "there a login page before it?";
  }
  co_return sent;
}

}  // namespace mmm::agent
