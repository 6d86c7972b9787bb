#pragma once

#include "core/base/result.h"
#include "core/store/index/index_reader.h"

#include <memory>
#include <string>

namespace mmm::dashboard {

enum class ExportFormat : std::uint8_t { kNdjson, kCsv, kGeojson, kKml, kGpx };

// What an export sends, piece by piece. A piece is bounded by the rows that one question looks at, so that an export of
// any range takes the same memory.
class ExportSource {
 public:
  virtual ~ExportSource() = default;
  // Appends the next piece; it may be empty. False: it was the last. Blocks.
  virtual Result<bool> next(index::IndexReader& reader, std::string& out) = 0;
};

// kNdjson, kCsv.
std::unique_ptr<ExportSource> export_packets(ExportFormat format, index::PacketFilter filter, bool ascending);
// kNdjson, kCsv; kGeojson and kKml: of the nodes with a position.
std::unique_ptr<ExportSource> export_nodes(ExportFormat format, index::NodeFilter filter);
// Where nodes were, of the positions whose packets the filter holds for: kGpx, kGeojson, kKml.
std::unique_ptr<ExportSource> export_tracks(ExportFormat format, index::PacketFilter filter);

}  // namespace mmm::dashboard
