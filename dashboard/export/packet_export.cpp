#include "core/mesh/names.h"
#include "core/mesh/node_id.h"
#include "dashboard/api/rows_json.h"
#include "dashboard/export/csv_row.h"
#include "dashboard/export/export_source.h"

namespace mmm::dashboard {
namespace {

constexpr std::string_view kCsvHead =
    "id,time,from,from_name,to,to_name,packet_id,port,port_name,channel,hop_start,hop_limit,hops,size,flags,best_snr,"
    "best_rssi,receptions,summary\r\n";

// "encrypted mqtt"
std::string flag_names(std::uint32_t flags) {
  JsonWriter json;
  write_flags(json, flags);
  std::string names = json.take();
  std::erase_if(names, [](char c) { return c == '[' || c == ']' || c == '"'; });
  std::ranges::replace(names, ',', ' ');
  return names;
}

void append_csv(std::string& out, const index::PacketRow& packet) {
  CsvRow row(out);
  row.number(packet.id).time(packet.time_us);
  row.text(mesh::format_node_id(packet.from)).text(packet.from_name);
  row.text(mesh::format_node_id(packet.to)).text(packet.to_name);
  row.number(packet.packet_id).number(packet.port);
  row.text(packet.port ? mesh::port_name(*packet.port) : std::string());
  row.number(packet.channel).number(packet.hop_start).number(packet.hop_limit).number(packet.hops);
  row.number(packet.size).text(flag_names(packet.flags));
  row.number(packet.best_snr).number(packet.best_rssi).number(packet.receptions).text(packet.summary).end();
}

class PacketExport final : public ExportSource {
 public:
  PacketExport(ExportFormat format, index::PacketFilter filter, bool ascending)
      : format_(format), filter_(std::move(filter)), scan_{.limit = limits::kPageRowsMax, .ascending = ascending} {}

  Result<bool> next(index::IndexReader& reader, std::string& out) override {
    if (std::exchange(first_, false) && format_ == ExportFormat::kCsv) out += kCsvHead;
    auto page = reader.find_packets(filter_, scan_);
    if (!page) return fail(page.error());
    for (const index::PacketRow& packet : page->rows) {
      if (format_ == ExportFormat::kCsv) {
        append_csv(out, packet);
      } else {
        JsonWriter json;
        write_exported_packet(json, packet);
        out += json.text();
        out += '\n';
      }
    }
    scan_.after = page->searched_to;
    return page->searched_to.has_value();
  }

 private:
  const ExportFormat format_;
  const index::PacketFilter filter_;
  index::PacketScan scan_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<ExportSource> export_packets(ExportFormat format, index::PacketFilter filter, bool ascending) {
  return std::make_unique<PacketExport>(format, std::move(filter), ascending);
}

}  // namespace mmm::dashboard
