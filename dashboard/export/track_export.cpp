#include "core/base/markup.h"
#include "core/base/time.h"
#include "core/mesh/node_id.h"
#include "dashboard/api/json_writer.h"
#include "dashboard/export/export_source.h"

namespace mmm::dashboard {
namespace {

// A piece: so many nodes or bytes.
constexpr std::size_t kNodesAtOnce = 256;
constexpr std::size_t kPieceBytes = 256U << 10U;

constexpr std::string_view kGpxHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<gpx version=\"1.1\" creator=\"MeshyMcMapface\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n";
constexpr std::string_view kKmlHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\" "
    "xmlns:gx=\"http://www.google.com/kml/ext/2.2\"><Document>\n<name>Tracks</name>\n";

// One node's positions, a part at a time: a track of any length is several lines of at most a page of points.
struct Part {
  std::string name;
  std::string id;
  std::size_t number = 0;  // from 0
  std::vector<index::PositionRow> points;
};

void append_gpx(std::string& out, const Part& part) {
  for (const index::PositionRow& point : part.points) {
    const index::Position& place = point.position;
    fmt::format_to(std::back_inserter(out), R"(<trkpt lat="{}" lon="{}">)", place.latitude(), place.longitude());
    if (place.altitude) fmt::format_to(std::back_inserter(out), "<ele>{}</ele>", *place.altitude);
    fmt::format_to(std::back_inserter(out), "<time>{}</time></trkpt>\n", to_iso8601(from_micros(place.time_us)));
  }
}

void append_kml(std::string& out, const Part& part) {
  fmt::format_to(std::back_inserter(out), "<Placemark><name>{}</name><description>{}</description><gx:Track>\n",
                 escape_markup(part.name), escape_markup(part.id));
  for (const index::PositionRow& point : part.points) {
    fmt::format_to(std::back_inserter(out), "<when>{}</when>\n", to_iso8601(from_micros(point.position.time_us)));
  }
  for (const index::PositionRow& point : part.points) {
    fmt::format_to(std::back_inserter(out), "<gx:coord>{} {} {}</gx:coord>\n", point.position.longitude(),
                   point.position.latitude(), point.position.altitude.value_or(0));
  }
  out += "</gx:Track></Placemark>\n";
}

void append_coordinates(JsonWriter& json, const index::Position& place) {
  json.begin_array().value(place.longitude()).value(place.latitude());
  if (place.altitude) json.value(*place.altitude);
  json.end_array();
}

std::string feature(const Part& part) {
  JsonWriter json;
  json.begin_object().field("type", "Feature").key("geometry").begin_object();
  // A line has two points at least (RFC 7946).
  if (part.points.size() == 1) {
    json.field("type", "Point").key("coordinates");
    append_coordinates(json, part.points.front().position);
  } else {
    json.field("type", "LineString").key("coordinates").begin_array();
    for (const index::PositionRow& point : part.points) append_coordinates(json, point.position);
    json.end_array();
  }
  json.end_object().key("properties").begin_object();
  json.field("id", part.id).field("name", part.name).field("part", part.number).key("times").begin_array();
  for (const index::PositionRow& point : part.points) json.value(to_iso8601(from_micros(point.position.time_us)));
  json.end_array().end_object().end_object();
  return json.take();
}

class TrackExport final : public ExportSource {
 public:
  TrackExport(ExportFormat format, index::PacketFilter filter) : format_(format), filter_(std::move(filter)) {}

  Result<bool> next(index::IndexReader& reader, std::string& out) override {
    if (std::exchange(first_, false)) out += head();
    for (std::size_t nodes = 0; nodes < kNodesAtOnce && out.size() < kPieceBytes; ++nodes) {
      if (!in_node_) {
        auto node = reader.node_with_positions(node_above_);
        if (!node) return fail(node.error());
        if (!*node) {
          out += tail();
          return false;
        }
        if (auto begun = begin_node(reader, **node); !begun) return fail(begun.error());
      }
      auto page = reader.find_positions(filter_, {.node = part_node_, .after = after_, .limit = limits::kPageRowsMax});
      if (!page) return fail(page.error());
      part_.points = std::move(page->positions);
      if (!part_.points.empty()) append_part(out);
      if (page->searched_to) {
        after_ = *page->searched_to;
        // The rows of one question are enough for one piece.
        return true;
      }
      end_node(out);
    }
    return true;
  }

 private:
  Result<> begin_node(index::IndexReader& reader, std::uint32_t num) {
    auto node = reader.node(num);
    if (!node) return fail(node.error());
    part_node_ = num;
    part_.id = mesh::format_node_id(num);
    part_.name = *node && !(*node)->long_name.empty() ? (*node)->long_name : part_.id;
    part_.number = 0;
    after_ = 0;
    in_node_ = true;
    return {};
  }
  void append_part(std::string& out) {
    if (format_ == ExportFormat::kGpx) {
      if (part_.number == 0) {
        fmt::format_to(std::back_inserter(out), "<trk><name>{}</name><src>{}</src><trkseg>\n",
                       escape_markup(part_.name), escape_markup(part_.id));
      }
      append_gpx(out, part_);
    } else if (format_ == ExportFormat::kKml) {
      append_kml(out, part_);
    } else {
      out += (std::exchange(any_, true) ? ",\n" : "\n") + feature(part_);
    }
    ++part_.number;
  }
  void end_node(std::string& out) {
    if (format_ == ExportFormat::kGpx && part_.number > 0) out += "</trkseg></trk>\n";
    node_above_ = part_node_;
    in_node_ = false;
  }
  [[nodiscard]] std::string_view head() const {
    if (format_ == ExportFormat::kGpx) return kGpxHead;
    return format_ == ExportFormat::kKml ? kKmlHead : R"({"type":"FeatureCollection","features":[)";
  }
  [[nodiscard]] std::string_view tail() const {
    if (format_ == ExportFormat::kGpx) return "</gpx>\n";
    return format_ == ExportFormat::kKml ? "</Document></kml>\n" : "]}\n";
  }

  const ExportFormat format_;
  const index::PacketFilter filter_;
  bool first_ = true;
  bool any_ = false;
  bool in_node_ = false;
  std::optional<std::uint32_t> node_above_;  // the last node that is done
  std::uint32_t part_node_ = 0;
  store::LogId after_ = 0;
  Part part_;
};

}  // namespace

std::unique_ptr<ExportSource> export_tracks(ExportFormat format, index::PacketFilter filter) {
  return std::make_unique<TrackExport>(format, std::move(filter));
}

}  // namespace mmm::dashboard
