#pragma once

#include "agent/active/active_config.h"
#include "agent/active/active_probe.h"
#include "agent/active/airtime_budget.h"
#include "agent/active/clock_setter.h"
#include "agent/active/trace_scheduler.h"
#include "agent/radio/link_guest.h"

#include <cstdint>
#include <optional>
#include <random>

namespace mmm::agent {

// What the agent sends through a radio when its configuration asks for it: traceroutes and the time. Results need no
// handling: they are packets and recorded as such; here they only tell how to go on.
//
// Concurrency: one thread, the link's.
class ActiveWork final : public LinkGuest {
 public:
  ActiveWork(const ActiveConfig& config, ActiveProbe probe, std::uint64_t seed, SteadyTime now);

  void live(SteadyTime now) override;
  void down() override;
  void received(const mesh::FromRadio& message, WallTime arrival, SteadyTime now) override;
  std::optional<mesh::MeshPacket> next_packet(const mesh::RadioProfile& profile, WallTime wall,
                                              SteadyTime now) override;
  [[nodiscard]] SteadyTime deadline() const override { return deadline_; }

 private:
  // The traceroute that has not been answered yet.
  struct Trace {
    std::uint32_t id = 0;
    mesh::NodeNum node = 0;
    SteadyTime give_up{};
  };

  void received_packet(const mesh::MeshPacket& packet, WallTime arrival, SteadyTime now);
  void received_answer(const mesh::MeshPacket& packet, SteadyTime now);
  void received_own_metrics(const mesh::Data& data);
  void received_queue_status(const mesh::QueueStatus& status, SteadyTime now);
  void refused(std::string_view reason);
  std::optional<mesh::MeshPacket> next_trace(const mesh::RadioProfile& profile, WallTime wall, SteadyTime now);
  // True when the mesh and the radio have room for another traceroute; counts why not.
  bool has_room(const mesh::RadioProfile& profile, SteadyTime now);
  std::uint32_t random_id();

  const ActiveConfig config_;
  ActiveProbe probe_;
  std::mt19937_64 random_;
  TraceScheduler scheduler_;
  AirtimeBudget budget_;
  ClockSetter clock_;
  mesh::NodeNum own_node_ = 0;
  std::optional<Trace> trace_;
  std::optional<float> channel_utilization_;  // %, as the radio told last
  std::optional<float> air_util_tx_;          // %, likewise
  bool queue_is_full_ = false;
  SteadyTime deadline_{};
};

}  // namespace mmm::agent
