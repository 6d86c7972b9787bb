#pragma once

#include "core/store/index/rows.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace mmm::ingest {

// The names of channels at a radio, from the list that its agent told. One thread.
class ChannelNames {
 public:
  // `channel` as index::PacketRow::channel: a hash when the packet came encrypted, else the radio's index. "unknown"
  // when the list has none. Valid until the next call.
  std::string_view name(const index::RadioFacts& radio, std::uint32_t channel, bool encrypted);

 private:
  using Channel = std::pair<bool, std::uint32_t>;  // by hash or by index
  using List = std::map<Channel, std::string>;
  static List parse(std::string_view json);

  // By the list's JSON text, for it comes with each packet.
  std::map<std::string, List, std::less<>> lists_;
};

}  // namespace mmm::ingest
