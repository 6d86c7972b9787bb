#include "core/store/index/link_store.h"

#include "core/store/index/link_codec.h"
#include "core/store/index/row_codec.h"

#include <fmt/format.h>

namespace mmm::index {

struct LinkStore::Statements {
  sqlite::Statement link;
  sqlite::Statement link_hour;
  sqlite::Statement traceroute;
  sqlite::Statement put_link;
  sqlite::Statement put_link_hour;
  sqlite::Statement put_traceroute;
  sqlite::Statement add_relay;
};

LinkStore::LinkStore(std::unique_ptr<Statements> statements) : statements_(std::move(statements)) {}
LinkStore::~LinkStore() = default;

Result<std::unique_ptr<LinkStore>> LinkStore::open(sqlite::Database& database) {
  const auto replace = [](std::string_view table, std::string_view columns, int count) {
    return fmt::format("REPLACE INTO {}({}) VALUES({})", table, columns, parameters(count));
  };
  auto link = database.prepare(
      fmt::format("SELECT {} FROM links WHERE from_node = ?1 AND to_node = ?2 AND evidence = ?3", kLinkColumns));
  if (!link) return fail(link.error());
  auto link_hour = database.prepare(
      fmt::format("SELECT {} FROM link_hours WHERE from_node = ?1 AND to_node = ?2 AND evidence = ?3 AND start_us = ?4",
                  kLinkHourColumns));
  if (!link_hour) return fail(link_hour.error());
  auto traceroute = database.prepare(fmt::format("SELECT {} FROM traceroutes WHERE packet = ?1", kTracerouteColumns));
  if (!traceroute) return fail(traceroute.error());
  auto put_link = database.prepare(replace("links", kLinkColumns, kLinkColumnCount));
  if (!put_link) return fail(put_link.error());
  auto put_link_hour = database.prepare(replace("link_hours", kLinkHourColumns, kLinkHourColumnCount));
  if (!put_link_hour) return fail(put_link_hour.error());
  auto put_traceroute = database.prepare(replace("traceroutes", kTracerouteColumns, kTracerouteColumnCount));
  if (!put_traceroute) return fail(put_traceroute.error());
  auto add_relay = database.prepare(
      "INSERT INTO relays(agent, relay, last_us, count, snr, rssi) VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO "
      "UPDATE "
      "SET last_us = max(last_us, excluded.last_us), count = count + excluded.count, "
      "snr = coalesce(excluded.snr, snr), rssi = coalesce(excluded.rssi, rssi)");
  if (!add_relay) return fail(add_relay.error());
  return std::unique_ptr<LinkStore>(new LinkStore(std::make_unique<Statements>(
      Statements{std::move(*link), std::move(*link_hour), std::move(*traceroute), std::move(*put_link),
                 std::move(*put_link_hour), std::move(*put_traceroute), std::move(*add_relay)})));
}

Result<LinkRow> LinkStore::link(const LinkKey& key) {
  sqlite::Statement& select = statements_->link;
  select.bind(key.from, key.to, static_cast<int>(key.evidence));
  auto found = select.step();
  if (!found) return fail(found.error());
  LinkRow row{.key = key};
  if (*found) {
    row = read_link(select);
    select.reset();
  }
  return row;
}

Result<LinkHourRow> LinkStore::link_hour(const LinkKey& key, std::int64_t start_us) {
  sqlite::Statement& select = statements_->link_hour;
  select.bind(key.from, key.to, static_cast<int>(key.evidence), start_us);
  auto found = select.step();
  if (!found) return fail(found.error());
  LinkHourRow row{.key = key, .start_us = start_us, .snr = {}, .rssi = {}};
  if (*found) {
    row = read_link_hour(select);
    select.reset();
  }
  return row;
}

Result<std::optional<TracerouteRow>> LinkStore::traceroute(LogId packet) {
  sqlite::Statement& select = statements_->traceroute;
  select.bind(packet);
  auto found = select.step();
  if (!found) return fail(found.error());
  if (!*found) return std::nullopt;
  TracerouteRow row = read_traceroute(select);
  select.reset();
  return row;
}

Result<> LinkStore::put(const LinkRow& row) {
  return statements_->put_link
      .bind(row.key.from, row.key.to, static_cast<int>(row.key.evidence), row.first_us, row.last_us, row.count,
            to_centi(row.snr), row.rssi)
      .run();
}

Result<> LinkStore::put(const LinkHourRow& row) {
  const std::string snr = row.snr.encode();
  const std::string rssi = row.rssi.encode();
  return statements_->put_link_hour
      .bind(row.key.from, row.key.to, static_cast<int>(row.key.evidence), row.start_us, row.count, sqlite::Blob{snr},
            sqlite::Blob{rssi})
      .run();
}

Result<> LinkStore::put(const TracerouteRow& row) {
  const std::string route = encode_route(row.route);
  const std::string snr_towards = encode_snrs(row.snr_towards);
  const std::string route_back = encode_route(row.route_back);
  const std::string snr_back = encode_snrs(row.snr_back);
  return statements_->put_traceroute
      .bind(row.packet, static_cast<std::int64_t>(row.packet) - row.time_us, row.from, row.to, row.request_id,
            row.is_reply, sqlite::Blob{route}, sqlite::Blob{snr_towards}, sqlite::Blob{route_back},
            sqlite::Blob{snr_back}, row.agent)
      .run();
}

Result<> LinkStore::add(const RelayRow& row) {
  return statements_->add_relay.bind(row.agent, row.relay, row.last_us, row.count, to_centi(row.snr), row.rssi).run();
}

}  // namespace mmm::index
