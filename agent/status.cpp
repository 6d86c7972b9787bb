#include "agent/status.h"

namespace mmm::agent {
namespace {

// Below the five minutes after which a server calls an agent offline.
constexpr auto kInterval = std::chrono::minutes{4};

// What makes a status worth writing at once. While the radio tells its configuration it changes with each message; what
// counts then is that it has begun.
std::string identity(upload::AgentStatus status) {
  if (status.link_state() != upload::AgentStatus::LINK_STATE_CONNECTING) return status.SerializeAsString();
  upload::AgentStatus connecting;
  connecting.set_link_state(status.link_state());
  return connecting.SerializeAsString();
}

}  // namespace

StatusWriter::StatusWriter(const RadioLink& link, RecordSink& sink, TimeSource& time)
    : link_(link), sink_(sink), time_(time), started_us_(static_cast<std::uint64_t>(to_micros(time.wall()))) {}

void StatusWriter::link_changed() {
  const auto now = status();
  if (identity(now) != last_written_) write(now);
}

boost::asio::awaitable<void> StatusWriter::run() {
  while (true) {
    write(status());
    co_await time_.sleep_for(kInterval);
  }
}

void StatusWriter::write(const upload::AgentStatus& status) {
  last_written_ = identity(status);
  sink_.put(Record{.kind = upload::RECORD_KIND_AGENT_STATUS,
                   .arrival_us = to_micros(time_.wall()),
                   .payload = status.SerializeAsString()});
}

upload::AgentStatus StatusWriter::status() const {
  const auto& link = link_.status();
  const auto& profile = link.profile;
  upload::AgentStatus status;
  status.set_link_state(link.state);
  status.set_link(link_.description());
  status.set_link_reason(link.reason);
  status.set_started_us(started_us_);
  for (const auto& channel : profile.channels()) {
    auto* summary = status.add_channels();
    summary->set_index(channel.index);
    summary->set_name(channel.name);
    summary->set_hash(channel.hash);
    summary->set_role(static_cast<std::uint32_t>(channel.role));
  }
  if (const auto region = profile.region()) status.set_region(static_cast<std::uint32_t>(*region));
  if (const auto preset = profile.modem_preset()) {
    status.set_use_preset(true);
    status.set_modem_preset(static_cast<std::uint32_t>(*preset));
  }
  if (const auto hops = profile.hop_limit()) status.set_hop_limit(*hops);
  if (const auto role = profile.role()) status.set_role(static_cast<std::uint32_t>(*role));
  status.set_my_node_num(profile.node());
  return status;
}

}  // namespace mmm::agent
