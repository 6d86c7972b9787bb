#include "core/http/negotiate.h"
#include "dashboard/api/api.h"
#include "dashboard/api/filter_parameters.h"
#include "dashboard/api/parameters.h"
#include "dashboard/query/resolve.h"

// Exports: /api/v1/export/{packets,nodes,tracks}.FORMAT.
namespace mmm::dashboard {
namespace {

struct Format {
  std::string_view extension;
  ExportFormat format;
  std::string_view content_type;
};

constexpr Format kFormats[] = {
    {"ndjson", ExportFormat::kNdjson, "application/x-ndjson"},
    {"csv", ExportFormat::kCsv, "text/csv; charset=utf-8"},
    {"geojson", ExportFormat::kGeojson, "application/geo+json"},
    {"kml", ExportFormat::kKml, "application/vnd.google-earth.kml+xml"},
    {"gpx", ExportFormat::kGpx, "application/gpx+xml"},
};

// The routes name no other formats.
const Format& format_of(const http::Request& request) {
  const std::string_view extension = std::string_view(request.path).substr(request.path.rfind('.') + 1);
  const auto* found = std::ranges::find(kFormats, extension, &Format::extension);
  return found == std::end(kFormats) ? kFormats[0] : *found;
}

// "packets-20261127T100000Z.csv"
ExportFile file_of(std::string_view what, const http::Request& request, std::int64_t now_us) {
  constexpr std::int64_t kSecond = 1'000'000;
  std::string time = to_iso8601(from_micros(now_us / kSecond * kSecond));
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  const Format& format = format_of(request);
  return {.name = fmt::format("{}-{}.{}", what, time, format.extension),
          .content_type = std::string(format.content_type),
          .gzip = http::accepts_coding(request.header("accept-encoding"), "gzip")};
}

using MakeSource = std::function<std::unique_ptr<ExportSource>(index::PacketFilter)>;

// A mistake in the filter is answered before the stream begins.
boost::asio::awaitable<http::Response> export_filtered(Api& api, http::Request& request, std::int64_t now_us,
                                                       ExportFile file, MakeSource make) {
  auto filter = read_filter(request, now_us);
  if (!filter) co_return std::move(filter.error());
  auto job = [&api, filter = std::move(*filter), file = std::move(file),
              make = std::move(make)](index::IndexReader& reader) -> Result<http::Response> {
    auto resolved = query::resolve_packets(filter, reader);
    if (!resolved) return fail(resolved.error());
    if (resolved->mistake) return filter_problem(*resolved->mistake);
    return api.exports.open(make(std::move(resolved->filter)), file);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace

boost::asio::awaitable<http::Response> get_packets_export(Api& api, http::Request& request) {
  auto known = check_parameters(request, with_filter_parameters({"order"}));
  if (!known) co_return bad_request(known.error());
  auto ascending = read_ascending(request);
  if (!ascending) co_return bad_request(ascending.error());
  const std::int64_t now_us = to_micros(api.time.wall());
  MakeSource make = [format = format_of(request).format, ascending = *ascending](index::PacketFilter filter) {
    return export_packets(format, std::move(filter), ascending);
  };
  co_return co_await export_filtered(api, request, now_us, file_of("packets", request, now_us), std::move(make));
}

boost::asio::awaitable<http::Response> get_tracks_export(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, with_filter_parameters({})); !known) co_return bad_request(known.error());
  const std::int64_t now_us = to_micros(api.time.wall());
  MakeSource make = [format = format_of(request).format](index::PacketFilter filter) {
    return export_tracks(format, std::move(filter));
  };
  co_return co_await export_filtered(api, request, now_us, file_of("tracks", request, now_us), std::move(make));
}

boost::asio::awaitable<http::Response> get_nodes_export(Api& api, http::Request& request) {
  if (auto known = check_parameters(request, {"q", "online"}); !known) co_return bad_request(known.error());
  const std::int64_t now_us = to_micros(api.time.wall());
  auto filter = read_node_filter(request, now_us);
  if (!filter) co_return std::move(filter.error());
  auto job = [&api, now_us, format = format_of(request).format, file = file_of("nodes", request, now_us),
              filter = std::move(*filter)](index::IndexReader& reader) -> Result<http::Response> {
    auto resolved = query::resolve_nodes(filter, reader, now_us);
    if (!resolved) return fail(resolved.error());
    if (resolved->mistake) return filter_problem(*resolved->mistake);
    return api.exports.open(export_nodes(format, std::move(resolved->filter)), file);
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
