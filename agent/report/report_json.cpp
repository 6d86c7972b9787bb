#include "agent/report/report.h"
#include "core/base/encoding.h"
#include "core/mesh/names.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace mmm::agent {
namespace {

namespace json = boost::json;

json::value time_or_null(std::optional<WallTime> time) {
  if (!time) return nullptr;
  return to_micros(*time);
}

json::value text(std::string_view bytes) {
  return json::value(sanitize_utf8(bytes));
}

const char* state_name(upload::AgentStatus::LinkState state) {
  switch (state) {
    case upload::AgentStatus::LINK_STATE_READY:
      return "ready";
    case upload::AgentStatus::LINK_STATE_DOWN:
      return "down";
    default:
      return "connecting";
  }
}

json::object radio_json(const mesh::RadioProfile& profile) {
  json::object radio;
  radio["id"] = profile.node() == 0 ? json::value(nullptr) : json::value(mesh::format_node_id(profile.node()));
  radio["firmware"] = text(profile.firmware_version());
  radio["hardware"] = profile.hw_model() ? mesh::hardware_name(*profile.hw_model()) : "";
  radio["role"] = profile.role() ? mesh::role_name(*profile.role()) : "";
  radio["region"] = profile.region() ? mesh::region_name(static_cast<int>(*profile.region())) : "";
  const auto preset = profile.modem_preset();
  radio["modem_preset"] = preset ? mesh::modem_preset_name(static_cast<int>(*preset)) : "";
  json::array channels;
  for (const auto& channel : profile.channels()) channels.push_back(text(channel.name));
  radio["channels"] = std::move(channels);
  return radio;
}

json::object ledger_json(const Ledger& ledger) {
  return {{"captured", ledger.captured},   {"delivered", ledger.delivered}, {"duplicate", ledger.duplicate},
          {"set_aside", ledger.set_aside}, {"filtered", ledger.filtered},   {"dropped", ledger.dropped},
          {"waiting", ledger.waiting()}};
}

json::object destination_json(const DestinationReport& destination) {
  json::object out{{"name", destination.name},
                   {"ledger", ledger_json(destination.ledger)},
                   {"oldest_waiting_us", time_or_null(destination.oldest_waiting)}};
  json::array servers;
  for (const auto& server : destination.servers) {
    servers.push_back(json::object{{"name", server.name},
                                   {"healthy", server.healthy},
                                   {"serving", server.serving},
                                   {"accepted_us", time_or_null(server.accepted)},
                                   {"failed_us", time_or_null(server.failed)},
                                   {"failure", text(server.failure)}});
  }
  out["servers"] = std::move(servers);
  json::array set_aside;
  for (const auto& record : destination.set_aside) {
    set_aside.push_back(
        json::object{{"seq", record.seq}, {"refused_us", to_micros(record.refused)}, {"reason", text(record.reason)}});
  }
  out["set_aside"] = std::move(set_aside);
  return out;
}

json::object radio_report_json(const RadioReport& radio) {
  json::array destinations;
  for (const auto& destination : radio.destinations) destinations.push_back(destination_json(destination));
  return {
      {"name", radio.name},
      {"link",
       {{"description", text(radio.link)},
        {"state", state_name(radio.link_status.state)},
        {"reason", text(radio.link_status.reason)},
        {"last_packet_us", time_or_null(radio.last_packet)}}},
      {"radio", radio_json(radio.link_status.profile)},
      {"buffer",
       {{"bytes", radio.buffer_bytes}, {"uncommitted", radio.uncommitted}, {"failure", text(radio.buffer_failure)}}},
      {"destinations", std::move(destinations)}};
}

}  // namespace

std::string to_json(const Report& report) {
  json::array radios;
  for (const auto& radio : report.radios) radios.push_back(radio_report_json(radio));
  return json::serialize(json::object{{"agent", report.agent_id},
                                      {"version", report.version},
                                      {"now_us", to_micros(report.now)},
                                      {"started_us", to_micros(report.started)},
                                      {"radios", std::move(radios)}});
}

}  // namespace mmm::agent
