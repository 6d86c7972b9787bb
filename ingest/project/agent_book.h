#pragma once

#include "core/base/result.h"
#include "core/mesh/from_radio.pb.h"
#include "core/mesh/privacy.h"
#include "core/store/index/index_writer.h"
#include "core/store/index/rows.h"
#include "core/upload/upload.pb.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mmm::ingest {

// The agents and their streams, all in memory (limits::kAgentsMax, kStreamsMax), written when changed. One thread.
class AgentBook {
 public:
  AgentBook(index::IndexWriter& writer, const mesh::Privacy& privacy) : writer_(writer), privacy_(privacy) {}
  Result<> load();

  struct Source {
    index::AgentRow* agent = nullptr;  // both live as long as the book
    index::StreamRow* stream = nullptr;
  };
  // The agent and stream of an upload whose first record has the id `chunk` and is from `first_us`, with what its
  // header tells. `records` of it were stored: in the header's ledger, which was written before, they still wait.
  Source open(const upload::UploadHeader& header, store::LogId chunk, std::size_t records, std::int64_t first_us);
  // A record of it; its status is folded before.
  static void note_record(const Source& source, std::int64_t heard_us) {
    source.stream->last_us = std::max(source.stream->last_us, heard_us);
  }

  void mark_changed(const Source& source);
  // What the radio attached to the stream said of itself, and what the agent said of the radio.
  void fold_own_info(const Source& source, const mesh::MyNodeInfo& info);
  void fold_metadata(const Source& source, const mesh::DeviceMetadata& metadata);
  void fold_status(const Source& source, const upload::AgentStatus& status, std::int64_t heard_us);

  Result<> write();
  void committed();
  [[nodiscard]] const std::set<std::int64_t>& changed() const { return changed_agents_; }

 private:
  using StreamKey = std::pair<std::int64_t, std::string>;
  // The header's stream, which is its radio's current one from now on.
  index::StreamRow& stream(index::AgentRow& agent, const upload::UploadHeader& header, std::int64_t first_us);
  template <class Visit>
  void each_stream(const index::AgentRow& agent, Visit visit);
  // What the agent has of its current streams.
  void sum_ledgers(index::AgentRow& agent);
  void sum_radios(index::AgentRow& agent);
  void radio_changed(const Source& source);

  // The radio at the agent says its number, which nobody is shown of a hidden node.
  void note_radio(const Source& source, mesh::NodeNum num);

  index::IndexWriter& writer_;
  const mesh::Privacy privacy_;
  std::deque<index::AgentRow> agents_;  // agent of number n at n - 1; a deque keeps their addresses
  std::unordered_map<std::string, std::size_t> by_id_;
  std::map<StreamKey, index::StreamRow> streams_;
  std::set<std::int64_t> changed_agents_;
  std::set<StreamKey> changed_streams_;
  std::vector<index::GapRow> gaps_;  // in order: a later one of the same start ends it
};

}  // namespace mmm::ingest
