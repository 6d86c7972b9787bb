#include "core/http/negotiate.h"
#include "dashboard/api/answer.h"
#include "dashboard/api/api.h"
#include "dashboard/tiles/pmtiles_file.h"

#include <fmt/core.h>

// Pieces of the base map's file.
namespace mmm::dashboard {

boost::asio::awaitable<http::Response> get_tiles(Api& api, http::Request& request) {
  const PmtilesFile* file = api.options.tiles.file.get();
  if (file == nullptr)
    co_return http::problem(404, "No map file", "The server's configuration names none ([map] pmtiles).");
  const auto range = parse_byte_range(request.header("range"));
  if (!range) {
    co_return http::problem(400, "A piece is needed", "Ask with a Range header for one piece: Range: bytes=0-16383.");
  }
  if (range->first >= file->size()) {
    http::Response response = http::problem(416, "Behind the end", "The map file is shorter.");
    response.headers.push_back({"Content-Range", fmt::format("bytes */{}", file->size())});
    co_return response;
  }
  // On a thread that may wait for the disk. The file lives as long as the API.
  auto job = [file, range = *range](index::IndexReader&) -> Result<http::Response> {
    auto piece = file->read(range);
    if (!piece) return fail(piece.error());
    http::Response response;
    response.status = 206;
    response.headers.push_back({"Content-Type", "application/vnd.pmtiles"});
    response.headers.push_back({"Cache-Control", "no-cache"});
    response.headers.push_back({"Accept-Ranges", "bytes"});
    response.headers.push_back({"ETag", file->etag()});
    response.headers.push_back(
        {"Content-Range", fmt::format("bytes {}-{}/{}", range.first, range.first + piece->size() - 1, file->size())});
    response.body = std::move(*piece);
    return response;
  };
  co_return co_await api.readers.answer(std::move(job));
}

}  // namespace mmm::dashboard
