#include "dashboard/export/gzip_stream.h"

#include "core/base/check.h"

#include <zlib.h>

namespace mmm::dashboard {
namespace {

constexpr int kLevel = 3;        // as answers: more effort gains little
constexpr int kWindowBits = 31;  // 15, and 16 more for the gzip format
constexpr std::size_t kPieceBytes = 64U << 10U;

}  // namespace

struct GzipStream::State {
  State() { MMM_CHECK(deflateInit2(&stream, kLevel, Z_DEFLATED, kWindowBits, 8, Z_DEFAULT_STRATEGY) == Z_OK); }
  ~State() { deflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  z_stream stream{};
};

GzipStream::GzipStream() : state_(std::make_unique<State>()) {}
GzipStream::~GzipStream() = default;

std::string GzipStream::run(std::string_view bytes, int flush) {
  z_stream& stream = state_->stream;
  std::string out;
  // zlib does not write to its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  do {
    const std::size_t filled = out.size();
    out.resize(filled + kPieceBytes);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
    stream.avail_out = static_cast<uInt>(kPieceBytes);
    MMM_CHECK(deflate(&stream, flush) != Z_STREAM_ERROR);
    out.resize(out.size() - stream.avail_out);
  } while (stream.avail_out == 0);
  return out;
}

std::string GzipStream::add(std::string_view bytes) {
  return run(bytes, Z_NO_FLUSH);
}

std::string GzipStream::finish() {
  return run({}, Z_FINISH);
}

}  // namespace mmm::dashboard
