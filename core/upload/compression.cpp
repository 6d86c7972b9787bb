#include "core/upload/compression.h"

#include "core/base/check.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace mmm::upload {
namespace {

// A frame may ask the decoder for a window of any size; 8 MiB is what zstd's strongest ordinary levels use.
constexpr int kWindowLogMax = 23;
// What the output grows by while its size is not known.
constexpr std::size_t kGrowBytes = 64U << 10U;

struct ZstdFree {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

ZSTD_CCtx& compressor() {
  thread_local const std::unique_ptr<ZSTD_CCtx, ZstdFree> context(ZSTD_createCCtx());
  MMM_CHECK(context != nullptr);
  return *context;
}

ZSTD_DCtx& decompressor() {
  thread_local const std::unique_ptr<ZSTD_DCtx, ZstdFree> context(ZSTD_createDCtx());
  MMM_CHECK(context != nullptr);
  return *context;
}

std::unexpected<Error> too_large(std::size_t max) {
  return fail(ErrorKind::kTooLarge, "the content is larger than {} bytes after decompression", max);
}

std::unexpected<Error> not_zstd(std::string_view why) {
  return fail(ErrorKind::kMalformed, "the bytes are not one zstd frame: {}", why);
}

Result<std::string> zstd_of_known_size(std::string_view bytes, std::size_t size) {
  std::string out(size, '\0');
  const std::size_t done = ZSTD_decompressDCtx(&decompressor(), out.data(), size, bytes.data(), bytes.size());
  if (ZSTD_isError(done) != 0U) return not_zstd(ZSTD_getErrorName(done));
  if (done != size) return not_zstd("its content is shorter than it says");
  return out;
}

// For frames of a streaming encoder, which do not say their content's size.
Result<std::string> zstd_of_unknown_size(std::string_view bytes, std::size_t max) {
  ZSTD_DCtx& context = decompressor();
  ZSTD_DCtx_reset(&context, ZSTD_reset_session_and_parameters);
  ZSTD_DCtx_setParameter(&context, ZSTD_d_windowLogMax, kWindowLogMax);
  ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
  std::string out;
  std::size_t filled = 0;
  while (true) {
    // One byte beyond `max` is how too much is told from just enough.
    if (filled == out.size()) out.resize(std::min(out.size() + std::max(out.size(), kGrowBytes), max + 1));
    ZSTD_outBuffer output{out.data(), out.size(), filled};
    const std::size_t left = ZSTD_decompressStream(&context, &output, &input);
    if (ZSTD_isError(left) != 0U) return not_zstd(ZSTD_getErrorName(left));
    filled = output.pos;
    if (filled > max) return too_large(max);
    if (left == 0) break;
    if (input.pos == input.size && output.pos < output.size) return not_zstd("it is cut off");
  }
  out.resize(filled);
  return out;
}

}  // namespace

std::string zstd_compress(std::string_view bytes, int level) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compressCCtx(&compressor(), out.data(), out.size(), bytes.data(), bytes.size(), level);
  MMM_CHECK(ZSTD_isError(size) == 0U);  // the output has room for the worst case, so only memory can be short
  out.resize(size);
  return out;
}

Result<std::string> zstd_decompress(std::string_view bytes, std::size_t max) {
  // Exactly one frame: what is stored as received must decode to what was checked.
  const std::size_t frame = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
  if (ZSTD_isError(frame) != 0U) return not_zstd(ZSTD_getErrorName(frame));
  if (frame != bytes.size()) return not_zstd("other bytes follow it");
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR) return not_zstd("its header is damaged");
  if (size == ZSTD_CONTENTSIZE_UNKNOWN) return zstd_of_unknown_size(bytes, max);
  if (size > max) return too_large(max);
  return zstd_of_known_size(bytes, static_cast<std::size_t>(size));
}

Result<std::string> gzip_decompress(std::string_view bytes, std::size_t max) {
  struct Inflate {
    z_stream stream{};
    ~Inflate() { inflateEnd(&stream); }
  } inflater;
  z_stream& stream = inflater.stream;
  // 15 bits of window, and 16 for a gzip header instead of zlib's.
  MMM_CHECK(inflateInit2(&stream, 15 + 16) == Z_OK);
  if (bytes.size() > std::numeric_limits<uInt>::max()) return too_large(max);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib's interface lacks const
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::size_t filled = 0;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (filled == out.size()) out.resize(std::min(out.size() + std::max(out.size(), kGrowBytes), max + 1));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
    stream.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size() - filled, std::numeric_limits<uInt>::max()));
    const uInt room = stream.avail_out;
    status = inflate(&stream, Z_NO_FLUSH);
    filled += room - stream.avail_out;
    if (filled > max) return too_large(max);
    if (status == Z_STREAM_END) break;
    if (status != Z_OK || (stream.avail_in == 0 && stream.avail_out != 0)) {
      return fail(ErrorKind::kMalformed, "the bytes are not one gzip member: {}",
                  stream.msg != nullptr ? stream.msg : "it is cut off");
    }
  }
  if (stream.avail_in != 0)
    return fail(ErrorKind::kMalformed, "the bytes are not one gzip member: other bytes follow it");
  out.resize(filled);
  return out;
}

}  // namespace mmm::upload
