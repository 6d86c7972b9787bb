#pragma once

#include "core/sqlite/statement.h"
#include "core/store/index/link_rows.h"

#include <string>
#include <string_view>
#include <vector>

// How links and traceroutes become columns: shared by the writer and the queries.
namespace mmm::index {

inline constexpr const char* kLinkColumns = "from_node, to_node, evidence, first_us, last_us, count, snr, rssi";
inline constexpr int kLinkColumnCount = 8;
LinkRow read_link(const sqlite::Statement& row);

inline constexpr const char* kLinkHourColumns = "from_node, to_node, evidence, start_us, count, snr, rssi";
inline constexpr int kLinkHourColumnCount = 7;
LinkHourRow read_link_hour(const sqlite::Statement& row);

inline constexpr const char* kTracerouteColumns =
    "packet, lag, from_node, to_node, request_id, is_reply, route, snr_towards, route_back, snr_back, agent";
inline constexpr int kTracerouteColumnCount = 11;
TracerouteRow read_traceroute(const sqlite::Statement& row);

// Node numbers as 4 bytes each, little-endian; SNRs as a byte each.
std::string encode_route(const std::vector<std::uint32_t>& nodes);
std::string encode_snrs(const std::vector<std::int32_t>& snrs);

}  // namespace mmm::index
