#include "core/base/markup.h"
#include "core/base/time.h"
#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "dashboard/api/rows_json.h"
#include "dashboard/export/csv_row.h"
#include "dashboard/export/export_source.h"

namespace mmm::dashboard {
namespace {

constexpr std::string_view kCsvHead =
    "id,num,short_name,long_name,hw_model,role,first_heard,last_heard,latitude,longitude,altitude,battery_level,"
    "voltage,"
    "channel_utilization,air_util_tx,uptime_seconds,snr,rssi,hops_away,packets,via_mqtt\r\n";
constexpr std::string_view kKmlHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n"
    "<name>Nodes</name>\n";
std::string name_of(const index::NodeRow& node) {
  return node.long_name.empty() ? mesh::format_node_id(node.num) : node.long_name;
}
std::string hardware_of(const index::NodeRow& node) {
  return node.hw_model ? mesh::hardware_name(static_cast<int>(*node.hw_model)) : std::string();
}
std::string role_of(const index::NodeRow& node) {
  return node.role ? mesh::role_name(static_cast<int>(*node.role)) : std::string();
}

void append_csv(std::string& out, const index::NodeRow& node) {
  CsvRow row(out);
  row.text(mesh::format_node_id(node.num)).number(node.num).text(node.short_name).text(node.long_name);
  row.text(hardware_of(node)).text(role_of(node));
  row.time(node.first_heard_us.value_or(0)).time(node.last_heard_us.value_or(0));
  const auto degrees = [&](std::int32_t index::Position::* part) -> std::optional<double> {
    if (!node.position) return std::nullopt;
    return *node.position.*part / index::kUnitsPerDegree;
  };
  row.number(degrees(&index::Position::latitude_i)).number(degrees(&index::Position::longitude_i));
  row.number(node.position ? node.position->altitude : std::nullopt);
  row.number(node.metrics.battery_level).number(node.metrics.voltage).number(node.metrics.channel_utilization);
  row.number(node.metrics.air_util_tx).number(node.metrics.uptime_seconds).number(node.snr).number(node.rssi);
  row.number(node.hops_away).number(node.packets).text(node.via_mqtt ? "true" : "false").end();
}

void append_coordinates(JsonWriter& json, const index::Position& position) {
  json.begin_array().value(position.longitude()).value(position.latitude());
  if (position.altitude) json.value(*position.altitude);
  json.end_array();
}

// RFC 7946. The properties are the node as lists give it.
std::string feature(const index::NodeRow& node) {
  JsonWriter json;
  json.begin_object().field("type", "Feature").field("id", mesh::format_node_id(node.num));
  json.key("geometry").begin_object().field("type", "Point").key("coordinates");
  append_coordinates(json, *node.position);
  json.end_object().key("properties");
  write_node(json, node);
  json.end_object();
  return json.take();
}

void append_placemark(std::string& out, const index::NodeRow& node) {
  std::string about = mesh::format_node_id(node.num);
  for (const std::string& part : {node.short_name, hardware_of(node), role_of(node)}) {
    if (!part.empty()) about += ", " + part;
  }
  if (node.last_heard_us) about += ", last heard " + to_iso8601(from_micros(*node.last_heard_us));
  fmt::format_to(std::back_inserter(out),
                 "<Placemark><name>{}</name><description>{}</description><Point><coordinates>{},{},{}</coordinates>"
                 "</Point></Placemark>\n",
                 escape_markup(name_of(node)), escape_markup(about), node.position->longitude(),
                 node.position->latitude(), node.position->altitude.value_or(0));
}

class NodeExport final : public ExportSource {
 public:
  NodeExport(ExportFormat format, index::NodeFilter filter)
      : format_(format), query_{.limit = limits::kPageRowsMax, .filter = std::move(filter)} {}

  Result<bool> next(index::IndexReader& reader, std::string& out) override {
    if (std::exchange(first_, false)) out += head();
    auto nodes = reader.nodes(query_);
    if (!nodes) return fail(nodes.error());
    for (const index::NodeRow& node : *nodes) append(out, node);
    const bool more = nodes->size() == query_.limit;
    if (more) query_.after_num = nodes->back().num;
    if (!more) out += tail();
    return more;
  }

 private:
  [[nodiscard]] std::string_view head() const {
    if (format_ == ExportFormat::kCsv) return kCsvHead;
    if (format_ == ExportFormat::kKml) return kKmlHead;
    return format_ == ExportFormat::kGeojson ? R"({"type":"FeatureCollection","features":[)" : "";
  }
  [[nodiscard]] std::string_view tail() const {
    if (format_ == ExportFormat::kKml) return "</Document></kml>\n";
    return format_ == ExportFormat::kGeojson ? "]}\n" : "";
  }
  void append(std::string& out, const index::NodeRow& node) {
    if (format_ == ExportFormat::kCsv) return append_csv(out, node);
    if (format_ == ExportFormat::kNdjson) {
      JsonWriter json;
      write_node(json, node);
      out += json.text() + "\n";
      return;
    }
    if (!node.position) return;
    if (format_ == ExportFormat::kKml) return append_placemark(out, node);
    out += (std::exchange(any_, true) ? ",\n" : "\n") + feature(node);
  }

  const ExportFormat format_;
  index::NodeQuery query_;
  bool first_ = true;
  bool any_ = false;
};

}  // namespace

std::unique_ptr<ExportSource> export_nodes(ExportFormat format, index::NodeFilter filter) {
  return std::make_unique<NodeExport>(format, std::move(filter));
}

}  // namespace mmm::dashboard
