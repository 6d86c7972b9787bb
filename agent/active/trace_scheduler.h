#pragma once

#include "agent/active/active_config.h"
#include "core/base/time.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>

namespace mmm::agent {

// Which node to trace next, and when at the earliest. Pure: times in, decisions out.
//
// Priority nodes go first, on their own interval; then the node heard most recently of those that are due. A node that
// does not answer is left alone for twice as long each time, up to a day.
class TraceScheduler {
 public:
  // The least recently heard of more nodes are forgotten.
  static constexpr std::size_t kNodesMax = 4096;

  // `random` gives evenly spread 32-bit numbers: the jitter that keeps agents from sounding at once.
  TraceScheduler(const ActiveConfig& config, std::function<std::uint32_t()> random);

  // The radio knows of the node and heard it then, by wall clock. Nodes that came over MQTT are not to be told.
  void heard(mesh::NodeNum node, WallTime when);
  // A packet of the node has just come: a priority node that was last tried hours ago is traced again, whatever its
  // cache time and its failures say, for it can be reached now.
  void packet_heard(mesh::NodeNum node, WallTime when, SteadyTime now);
  // The session has begun: nothing is sent for a random part of `first_within`.
  void start(SteadyTime now);

  // The node that is due, if any. Nothing changes until sent() or postpone().
  [[nodiscard]] std::optional<mesh::NodeNum> due(mesh::NodeNum own_node, WallTime wall, SteadyTime now) const;
  void sent(mesh::NodeNum node, SteadyTime now);
  // The node has answered.
  void answered(mesh::NodeNum node, SteadyTime now);
  // It has not, or the radio could not send.
  void failed(mesh::NodeNum node);
  // Nothing more before `when`.
  void postpone(SteadyTime when);

  // Before this nothing is due.
  [[nodiscard]] SteadyTime not_before() const { return not_before_; }
  [[nodiscard]] std::size_t nodes() const { return nodes_.size(); }

 private:
  struct Node {
    WallTime heard{};
    std::optional<SteadyTime> tried;
    std::optional<SteadyTime> answered;
    unsigned failures = 0;
    bool wanted = false;  // due at once
  };

  [[nodiscard]] bool is_due(mesh::NodeNum number, const Node& node, SteadyTime now) const;
  [[nodiscard]] SteadyTime::duration up_to(std::chrono::milliseconds longest);
  void forget_one();

  const ActiveConfig config_;
  const std::function<std::uint32_t()> random_;
  std::map<mesh::NodeNum, Node> nodes_;
  SteadyTime not_before_{};
};

}  // namespace mmm::agent
