#include "perf/sim/radio/faults.h"

#include "core/base/limits.h"

#include <charconv>
#include <optional>

namespace mmm::sim {
namespace {

constexpr char kStart1 = '\x94';
constexpr char kStart2 = '\xC3';
constexpr std::uint32_t kGarbageBytesMax = 40;

template <class T>
std::optional<T> parse(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<> set_probability(double& target, std::string_view name, std::string_view text) {
  const auto value = parse<double>(text);
  if (!value || *value < 0 || *value > 1) {
    return fail(ErrorKind::kInvalidArgument, "fault {}={}: give a probability from 0 to 1", name, text);
  }
  target = *value;
  return {};
}

Result<> set_interval(std::uint64_t& target, std::string_view name, std::string_view text) {
  const auto value = parse<std::uint64_t>(text);
  if (!value || *value == 0) {
    return fail(ErrorKind::kInvalidArgument, "fault {}={}: give a number of packets, 1 or more", name, text);
  }
  target = *value;
  return {};
}

Result<> set_stall(FaultOptions& options, std::string_view text) {
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) {
    const auto seconds = parse<double>(text.substr(colon + 1));
    if (!seconds || *seconds <= 0 || *seconds > 3600) {
      return fail(ErrorKind::kInvalidArgument, "fault stall={}: the part after ':' is seconds, up to 3600", text);
    }
    options.stall_time = std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
  }
  return set_probability(options.stall, "stall", text.substr(0, colon));
}

}  // namespace

Result<> FaultOptions::add(std::string_view text) {
  const auto equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1);
  if (name == "garbage") return set_probability(garbage, name, value);
  if (name == "wrong-length") return set_probability(wrong_length, name, value);
  if (name == "short-reads") return set_probability(short_writes, name, value);
  if (name == "stall") return set_stall(*this, value);
  if (name == "reboot") return set_interval(reboot_every, name, value);
  if (name == "disconnect") return set_interval(disconnect_every, name, value);
  return fail(ErrorKind::kInvalidArgument,
              "unknown fault '{}': give garbage=P, wrong-length=P, short-reads=P, stall=P[:SECONDS], reboot=N or "
              "disconnect=N",
              text);
}

bool FaultOptions::any() const {
  return garbage > 0 || wrong_length > 0 || short_writes > 0 || stall > 0 || reboot_every > 0 || disconnect_every > 0;
}

FaultInjector::FaultInjector(const FaultOptions& options, std::uint64_t seed) : options_(options), random_(seed) {}

FaultInjector::Plan FaultInjector::next(std::size_t frame_bytes) {
  Plan plan;
  if (random_.chance(options_.garbage)) plan.before = garbage();
  if (random_.chance(options_.wrong_length)) {
    const bool plausible = random_.chance(0.5);
    const std::uint32_t most = static_cast<std::uint32_t>(limits::kFramePayloadBytesMax);
    const std::uint32_t length = plausible ? random_.between(64, most) : random_.between(most + 1, 0xFFFF);
    plan.before += {kStart1, kStart2, static_cast<char>(length >> 8U), static_cast<char>(length)};
    if (plausible) {
      // Less than it promises: what follows would be taken for its end.
      plan.before += std::string(random_.below(60), '\x01');
      plan.silence_after_before = true;
    }
  }
  plan.byte_by_byte = random_.chance(options_.short_writes);
  if (random_.chance(options_.stall)) plan.stall_at = 1 + random_.below(static_cast<std::uint32_t>(frame_bytes - 1));
  return plan;
}

std::string FaultInjector::garbage() {
  std::string bytes = random_.bytes(random_.between(1, kGarbageBytesMax));
  // A lone first byte of a header is fine, even right before a frame; a whole one would be the other fault.
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    if (bytes[i - 1] == kStart1 && bytes[i] == kStart2) bytes[i] = 'x';
  }
  if (random_.chance(0.2)) bytes.back() = kStart1;
  return bytes;
}

FaultInjector::After FaultInjector::packet_delivered() {
  ++packets_;
  if (options_.reboot_every != 0 && packets_ % options_.reboot_every == 0) return After::kReboot;
  if (options_.disconnect_every != 0 && packets_ % options_.disconnect_every == 0) return After::kDisconnect;
  return After::kNothing;
}

}  // namespace mmm::sim
