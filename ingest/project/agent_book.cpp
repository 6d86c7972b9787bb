#include "ingest/project/agent_book.h"

#include "core/base/encoding.h"
#include "ingest/project/agent_gaps.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <cmath>
#include <utility>

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

// The header's ledger was written before its `records` arrived: in it they still wait.
index::LedgerRow ledger_after(const upload::Ledger& ledger, std::size_t records) {
  const std::uint64_t arrived = std::min<std::uint64_t>(ledger.waiting(), records);
  return {.captured = ledger.captured(),
          .delivered = ledger.delivered() + arrived,
          .duplicate = ledger.duplicate(),
          .set_aside = ledger.set_aside(),
          .dropped = ledger.dropped(),
          .filtered = ledger.filtered(),
          .waiting = ledger.waiting() - arrived};
}

// Whether a buffer of the radio `name` had the place that the header's buffer has now. Agents of before named no radio,
// for they had but one.
bool is_same_radio(std::string_view name, const upload::UploadHeader& header) {
  if (name == header.radio()) return true;
  return name.empty() && header.radios_size() > 0 && header.radios(0) == header.radio();
}

// Whether the agent tells its radios, and `name` is not among them.
bool is_gone(std::string_view name, const upload::UploadHeader& header) {
  return header.radios_size() > 0 && std::ranges::find(header.radios(), name) == header.radios().end();
}

int badness(const index::StreamRow& stream) {
  switch (stream.radio.link_state) {
    case upload::AgentStatus::LINK_STATE_DOWN:
      return 3;
    case upload::AgentStatus::LINK_STATE_CONNECTING:
      return 2;
    case upload::AgentStatus::LINK_STATE_READY:
      return 0;
    default:
      return 1;
  }
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
    row.first_seen_us = static_cast<std::int64_t>(chunk);
    agents_.push_back(std::move(row));
  }
  index::AgentRow& agent = agents_[place->second];
  agent.last_upload_us = static_cast<std::int64_t>(chunk);
  if (header.sent_us() > 0) agent.clock_skew_us = header.sent_us() - agent.last_upload_us;
  if (!header.agent_version().empty()) agent.version = sanitize_utf8(header.agent_version());
  if (header.has_location()) fold_location(agent, header.location());
  const Source source{.agent = &agent, .stream = &stream(agent, header, first_us)};
  if (header.has_ledger()) {
    note_losses(*source.stream, header.ledger(), first_us, gaps_);
    source.stream->ledger = ledger_after(header.ledger(), records);
    sum_ledgers(agent);
  }
  mark_changed(source);
  return source;
}

index::StreamRow& AgentBook::stream(index::AgentRow& agent, const upload::UploadHeader& header, std::int64_t first_us) {
  const auto [place, is_new] = streams_.try_emplace(StreamKey{agent.num, header.stream_id()});
  index::StreamRow& stream = place->second;
  if (is_new) {
    stream = index::StreamRow{.agent = agent.num, .stream = header.stream_id()};
    ++agent.stream_count;
  }
  stream.name = header.radio();
  std::int64_t last_us = 0;
  bool is_changed = !std::exchange(stream.is_current, true);
  each_stream(agent, [&](index::StreamRow& other) {
    if (&other == &stream) return;
    const bool is_of_same_radio = is_same_radio(other.name, header);
    if (is_of_same_radio) last_us = std::max(last_us, other.last_us);
    if (!other.is_current || !(is_of_same_radio || is_gone(other.name, header))) return;
    other.is_current = false;
    changed_streams_.insert({other.agent, other.stream});
    is_changed = true;
  });
  if (is_new) note_new_buffer(stream, last_us, first_us, gaps_);
  if (is_changed) sum_radios(agent);
  return stream;
}

template <class Visit>
void AgentBook::each_stream(const index::AgentRow& agent, Visit visit) {
  for (auto place = streams_.lower_bound({agent.num, {}}); place != streams_.end() && place->first.first == agent.num;
       ++place) {
    visit(place->second);
  }
}

void AgentBook::sum_ledgers(index::AgentRow& agent) {
  agent.ledger = {};
  each_stream(agent, [&agent](const index::StreamRow& stream) {
    if (!stream.is_current) return;
    const auto& [captured, delivered, duplicate, set_aside, dropped, filtered, waiting] = stream.ledger;
    agent.ledger.captured += captured;
    agent.ledger.delivered += delivered;
    agent.ledger.duplicate += duplicate;
    agent.ledger.set_aside += set_aside;
    agent.ledger.dropped += dropped;
    agent.ledger.filtered += filtered;
    agent.ledger.waiting += waiting;
  });
}

void AgentBook::sum_radios(index::AgentRow& agent) {
  const index::StreamRow* first = nullptr;
  const index::StreamRow* worst = nullptr;
  std::size_t count = 0;
  each_stream(agent, [&](const index::StreamRow& stream) {
    if (!stream.is_current) return;
    ++count;
    if (first == nullptr || stream.name < first->name) first = &stream;
    if (worst == nullptr || badness(stream) > badness(*worst) ||
        (badness(stream) == badness(*worst) && stream.name < worst->name)) {
      worst = &stream;
    }
  });
  if (first == nullptr) return;
  agent.radio = first->radio;
  if (count == 1) return;
  agent.radio.link_state = worst->radio.link_state;
  agent.radio.link = fmt::format("{}: {}", worst->name, worst->radio.link);
  agent.radio.link_reason = worst->radio.link_reason;
}

void AgentBook::mark_changed(const Source& source) {
  changed_agents_.insert(source.agent->num);
  changed_streams_.insert({source.stream->agent, source.stream->stream});
}

void AgentBook::note_radio(const Source& source, mesh::NodeNum num) {
  source.stream->own_node = num;
  source.stream->radio.radio_num.reset();
  if (!privacy_.is_hidden(num)) source.stream->radio.radio_num = num;
}

void AgentBook::radio_changed(const Source& source) {
  sum_radios(*source.agent);
  mark_changed(source);
}

void AgentBook::fold_own_info(const Source& source, const mesh::MyNodeInfo& info) {
  if (info.my_node_num() == 0) return;
  note_radio(source, info.my_node_num());
  radio_changed(source);
}

void AgentBook::fold_metadata(const Source& source, const mesh::DeviceMetadata& metadata) {
  index::RadioFacts& radio = source.stream->radio;
  if (!metadata.firmware_version().empty()) radio.firmware = sanitize_utf8(metadata.firmware_version());
  if (metadata.hw_model() != mesh::UNSET) radio.hw_model = static_cast<std::uint32_t>(metadata.hw_model());
  radio.role = static_cast<std::uint32_t>(metadata.role());
  radio_changed(source);
}

void AgentBook::fold_status(const Source& source, const upload::AgentStatus& status, std::int64_t heard_us) {
  note_status(*source.stream, status, heard_us, gaps_);
  index::RadioFacts& radio = source.stream->radio;
  radio.link_state = static_cast<std::uint32_t>(status.link_state());
  radio.link = sanitize_utf8(status.link());
  radio.link_reason = sanitize_utf8(status.link_reason());
  // While the link is down the agent may not know the radio: what was known stays.
  if (status.channels_size() > 0) radio.channels = channels_json(status);
  if (status.region() != 0) radio.region = status.region();
  if (status.my_node_num() != 0) {
    note_radio(source, status.my_node_num());
    radio.role = status.role();
    radio.modem_preset.reset();
    if (status.use_preset()) radio.modem_preset = status.modem_preset();
  }
  radio_changed(source);
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
