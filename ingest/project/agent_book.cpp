#include "ingest/project/agent_book.h"

#include "core/base/encoding.h"
#include "ingest/project/agent_gaps.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cmath>

namespace mmm::ingest {
namespace {

void fold_location(index::AgentRow& agent, const upload::Location& location) {
  if (!location.name().empty()) agent.location_name = sanitize_utf8(location.name());
  const double latitude = location.latitude();
  const double longitude = location.longitude();
  if (!location.has_latitude() || !location.has_longitude()) return;
  // Also false for NaN.
  if (!(std::abs(latitude) <= 90 && std::abs(longitude) <= 180)) return;
  agent.latitude = latitude;
  agent.longitude = longitude;
}

std::string channels_json(const upload::AgentStatus& status) {
  boost::json::array channels;
  for (const upload::ChannelSummary& channel : status.channels()) {
    channels.push_back({{"index", channel.index()},
                        {"name", sanitize_utf8(channel.name())},
                        {"hash", channel.hash()},
                        {"role", channel.role()}});
  }
  return boost::json::serialize(channels);
}

}  // namespace

Result<> AgentBook::load() {
  auto agents = writer_.agents();
  if (!agents) return fail(agents.error());
  for (index::AgentRow& agent : *agents) {
    if (agent.num != static_cast<std::int64_t>(agents_.size()) + 1) {
      return fail(ErrorKind::kCorrupt, "the index has a gap in the numbers of its agents before {}", agent.num);
    }
    by_id_.emplace(agent.id, agents_.size());
    agents_.push_back(std::move(agent));
  }
  auto streams = writer_.streams();
  if (!streams) return fail(streams.error());
  for (index::StreamRow& row : *streams) {
    StreamKey key{row.agent, row.stream};
    streams_.emplace(std::move(key), std::move(row));
  }
  return {};
}

AgentBook::Source AgentBook::open(const upload::UploadHeader& header, store::LogId chunk, std::size_t records,
                                  std::int64_t first_us) {
  const auto [place, is_new] = by_id_.try_emplace(header.agent_id(), agents_.size());
  if (is_new) {
    index::AgentRow row;
    row.num = static_cast<std::int64_t>(agents_.size()) + 1;
    row.id = header.agent_id();
    row.channels = "[]";
    row.first_seen_us = static_cast<std::int64_t>(chunk);
    agents_.push_back(std::move(row));
  }
  index::AgentRow& agent = agents_[place->second];
  agent.last_upload_us = static_cast<std::int64_t>(chunk);
  if (header.sent_us() > 0) agent.clock_skew_us = header.sent_us() - agent.last_upload_us;
  if (!header.agent_version().empty()) agent.version = sanitize_utf8(header.agent_version());
  if (header.has_location()) fold_location(agent, header.location());
  if (header.has_ledger()) {
    const upload::Ledger& ledger = header.ledger();
    const std::uint64_t arrived = std::min<std::uint64_t>(ledger.waiting(), records);
    agent.ledger = {.captured = ledger.captured(),
                    .delivered = ledger.delivered() + arrived,
                    .duplicate = ledger.duplicate(),
                    .set_aside = ledger.set_aside(),
                    .dropped = ledger.dropped(),
                    .filtered = ledger.filtered(),
                    .waiting = ledger.waiting() - arrived};
  }
  const Source source{.agent = &agent, .stream = &stream(agent, header.stream_id(), first_us)};
  if (header.has_ledger()) note_losses(*source.stream, header.ledger(), first_us, gaps_);
  mark_changed(source);
  return source;
}

index::StreamRow& AgentBook::stream(index::AgentRow& agent, const std::string& id, std::int64_t first_us) {
  const auto [place, is_new] = streams_.try_emplace(StreamKey{agent.num, id});
  if (is_new) {
    place->second = index::StreamRow{.agent = agent.num, .stream = id};
    ++agent.stream_count;
    std::int64_t last_us = 0;
    for (auto other = streams_.lower_bound({agent.num, {}}); other != streams_.end() && other->first.first == agent.num;
         ++other) {
      last_us = std::max(last_us, other->second.last_us);
    }
    note_new_buffer(place->second, last_us, first_us, gaps_);
  }
  return place->second;
}

void AgentBook::mark_changed(const Source& source) {
  changed_agents_.insert(source.agent->num);
  changed_streams_.insert({source.stream->agent, source.stream->stream});
}

void AgentBook::note_radio(const Source& source, mesh::NodeNum num) {
  source.stream->own_node = num;
  source.agent->radio_num.reset();
  if (!privacy_.is_hidden(num)) source.agent->radio_num = num;
}

void AgentBook::fold_own_info(const Source& source, const mesh::MyNodeInfo& info) {
  if (info.my_node_num() == 0) return;
  note_radio(source, info.my_node_num());
  mark_changed(source);
}

void AgentBook::fold_metadata(const Source& source, const mesh::DeviceMetadata& metadata) {
  index::AgentRow& agent = *source.agent;
  if (!metadata.firmware_version().empty()) agent.firmware = sanitize_utf8(metadata.firmware_version());
  if (metadata.hw_model() != mesh::UNSET) agent.hw_model = static_cast<std::uint32_t>(metadata.hw_model());
  agent.role = static_cast<std::uint32_t>(metadata.role());
  mark_changed(source);
}

void AgentBook::fold_status(const Source& source, const upload::AgentStatus& status, std::int64_t heard_us) {
  note_status(*source.stream, status, heard_us, gaps_);
  index::AgentRow& agent = *source.agent;
  agent.link_state = static_cast<std::uint32_t>(status.link_state());
  agent.link = sanitize_utf8(status.link());
  agent.link_reason = sanitize_utf8(status.link_reason());
  // While the link is down the agent may not know the radio: what was known stays.
  if (status.channels_size() > 0) agent.channels = channels_json(status);
  if (status.region() != 0) agent.region = status.region();
  if (status.my_node_num() != 0) {
    note_radio(source, status.my_node_num());
    agent.role = status.role();
    agent.modem_preset.reset();
    if (status.use_preset()) agent.modem_preset = status.modem_preset();
  }
  mark_changed(source);
}

Result<> AgentBook::write() {
  for (const std::int64_t num : changed_agents_) {
    if (auto put = writer_.put_agent(agents_[static_cast<std::size_t>(num) - 1]); !put) return put;
  }
  for (const StreamKey& key : changed_streams_) {
    if (auto put = writer_.put_stream(streams_.at(key)); !put) return put;
  }
  for (const index::GapRow& gap : gaps_) {
    if (auto put = writer_.node_facts().put(gap); !put) return put;
  }
  return {};
}

void AgentBook::committed() {
  changed_agents_.clear();
  changed_streams_.clear();
  gaps_.clear();
}

}  // namespace mmm::ingest
