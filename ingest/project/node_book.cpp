#include "ingest/project/node_book.h"

#include "core/base/encoding.h"
#include "core/mesh/node_id.h"

#include <utility>

namespace mmm::ingest {
namespace {

// Within this time a longer way does not replace a shorter one.
constexpr std::int64_t kHopsMemory = 3'600'000'000;
constexpr std::size_t kPublicKeyBytes = 32;

// Takes `value` into `target` when it is fresher, or when there is nothing yet.
template <class Target, class Value>
void take(std::optional<Target>& target, const std::optional<Value>& value, bool fresher) {
  if (value && (fresher || !target)) target = value;
}

void take_text(std::string& target, const std::string& bytes, bool fresher) {
  if (!bytes.empty() && (fresher || target.empty())) target = sanitize_utf8(bytes);
}

}  // namespace

Result<index::NodeRow*> NodeBook::change(std::uint32_t num) {
  return nodes_.change(num, [this](std::uint32_t wanted) -> Result<index::NodeRow> {
    auto row = writer_.node(wanted);
    if (!row) return fail(row.error());
    index::NodeRow fresh;
    fresh.num = wanted;
    return std::move(*row).value_or(std::move(fresh));
  });
}

Result<> NodeBook::write() {
  return nodes_.write([this](const index::NodeRow& row) { return writer_.put_node(row); });
}

bool is_node(std::uint32_t num) {
  return num >= mesh::kNodeNumMin && num != mesh::kBroadcast;
}

void fold_reception(index::NodeRow& node, const HeardReception& reception) {
  const std::int64_t now = reception.time_us;
  if (reception.is_new_packet) ++node.packets;
  if (now >= node.last_heard_us.value_or(0)) node.via_mqtt = reception.via_mqtt;
  node.first_heard_us = std::min(node.first_heard_us.value_or(now), now);
  node.last_heard_us = std::max(node.last_heard_us.value_or(now), now);
  // Hops of a packet that crossed MQTT were counted before that: they say nothing of the way to us.
  if (!reception.hops || reception.via_mqtt) return;
  const std::uint32_t hops = *reception.hops;
  fold_hops(node, hops, now);
  if (hops == 0 && reception.snr && now >= node.signal_us) {
    node.snr = reception.snr;
    node.rssi = reception.rssi;
    node.signal_us = now;
  }
}

void fold_hops(index::NodeRow& node, std::uint32_t hops, std::int64_t known_us) {
  if (node.hops_away && hops > *node.hops_away && known_us - node.hops_us <= kHopsMemory) return;
  node.hops_away = hops;
  node.hops_us = known_us;
}

void fold_user(index::NodeRow& node, const mesh::User& user, std::int64_t known_us) {
  const bool fresher = known_us >= node.user_us;
  take_text(node.short_name, user.short_name(), fresher);
  take_text(node.long_name, user.long_name(), fresher);
  if (user.hw_model() != mesh::UNSET) {
    take(node.hw_model, std::optional(static_cast<std::uint32_t>(user.hw_model())), fresher);
  }
  // Role 0 is CLIENT and is not sent: with a name it is told, without anything the message is empty.
  const bool tells = !user.long_name().empty() || !user.short_name().empty() || user.role() != 0;
  if (tells) take(node.role, std::optional(static_cast<std::uint32_t>(user.role())), fresher);
  if (user.public_key().size() == kPublicKeyBytes && (fresher || node.public_key.empty())) {
    node.public_key = user.public_key();
  }
  if (tells && fresher) {
    node.is_licensed = user.is_licensed();
    node.user_us = known_us;
  }
}

void fold_position(index::NodeRow& node, const index::Position& position, std::int64_t known_us) {
  if (node.position && known_us < node.position_us) return;
  node.position = position;
  node.position_us = known_us;
}

void fold_metrics(index::NodeRow& node, const index::DeviceMetrics& metrics, std::int64_t known_us) {
  const bool fresher = known_us >= node.metrics_us;
  take(node.metrics.battery_level, metrics.battery_level, fresher);
  take(node.metrics.voltage, metrics.voltage, fresher);
  take(node.metrics.channel_utilization, metrics.channel_utilization, fresher);
  take(node.metrics.air_util_tx, metrics.air_util_tx, fresher);
  take(node.metrics.uptime_seconds, metrics.uptime_seconds, fresher);
  if (fresher) node.metrics_us = known_us;
}

}  // namespace mmm::ingest
