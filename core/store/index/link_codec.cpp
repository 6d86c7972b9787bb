#include "core/store/index/link_codec.h"

#include "core/store/index/row_codec.h"

#include <algorithm>

namespace mmm::index {
namespace {

LinkKey read_key(const sqlite::Statement& row) {
  return {.from = static_cast<std::uint32_t>(row.integer(0)),
          .to = static_cast<std::uint32_t>(row.integer(1)),
          .evidence = static_cast<LinkEvidence>(row.integer(2))};
}

std::vector<std::uint32_t> decode_route(std::string_view bytes) {
  std::vector<std::uint32_t> nodes;
  for (; bytes.size() >= 4; bytes.remove_prefix(4)) {
    std::uint32_t node = 0;
    for (unsigned i = 0; i < 4; ++i) {
      node |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    nodes.push_back(node);
  }
  return nodes;
}

std::vector<std::int32_t> decode_snrs(std::string_view bytes) {
  std::vector<std::int32_t> snrs;
  for (const char byte : bytes) snrs.push_back(static_cast<signed char>(byte));
  return snrs;
}

}  // namespace

const char* to_string(LinkEvidence evidence) {
  switch (evidence) {
    case LinkEvidence::kDirect:
      return "direct";
    case LinkEvidence::kNeighborInfo:
      return "neighbor_info";
    case LinkEvidence::kTraceroute:
      return "traceroute";
  }
  return "unknown";
}

LinkRow read_link(const sqlite::Statement& row) {
  return {.key = read_key(row),
          .first_us = row.integer(3),
          .last_us = row.integer(4),
          .count = static_cast<std::uint64_t>(row.integer(5)),
          .snr = from_centi(row.optional_integer(6)),
          .rssi = narrow<std::int32_t>(row.optional_integer(7))};
}

LinkHourRow read_link_hour(const sqlite::Statement& row) {
  return {.key = read_key(row),
          .start_us = row.integer(3),
          .count = static_cast<std::uint64_t>(row.integer(4)),
          .snr = Histogram::decode(row.blob(5)),
          .rssi = Histogram::decode(row.blob(6))};
}

TracerouteRow read_traceroute(const sqlite::Statement& row) {
  return {.packet = static_cast<LogId>(row.integer(0)),
          .agent = row.integer(10),
          .time_us = row.integer(0) - row.integer(1),
          .from = static_cast<std::uint32_t>(row.integer(2)),
          .to = static_cast<std::uint32_t>(row.integer(3)),
          .request_id = static_cast<std::uint32_t>(row.integer(4)),
          .is_reply = row.integer(5) != 0,
          .route = decode_route(row.blob(6)),
          .snr_towards = decode_snrs(row.blob(7)),
          .route_back = decode_route(row.blob(8)),
          .snr_back = decode_snrs(row.blob(9))};
}

std::string encode_route(const std::vector<std::uint32_t>& nodes) {
  std::string bytes;
  for (const std::uint32_t node : nodes) {
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(node >> (8 * i)));
  }
  return bytes;
}

std::string encode_snrs(const std::vector<std::int32_t>& snrs) {
  std::string bytes;
  for (const std::int32_t snr : snrs) bytes.push_back(static_cast<char>(std::clamp(snr, -128, 127)));
  return bytes;
}

}  // namespace mmm::index
