#include "agent/upload/native_carrier.h"

#include "core/async/offload.h"
#include "core/upload/compression.h"

namespace mmm::agent {

namespace asio = boost::asio;

namespace {

// Smaller bodies do not get smaller.
constexpr std::size_t kCompressBytesMin = 200;

}  // namespace

asio::awaitable<Carrier::Sent> NativeCarrier::send(const upload::UploadHeader& header,
                                                   const std::vector<upload::RecordView>& records, bool compress) {
  bool compressed = false;
  auto job = [&header, &records, &compressed, compress] {
    std::string plain = upload::encode_upload(header, records);
    if (!compress || plain.size() < kCompressBytesMin) return plain;
    compressed = true;
    return upload::zstd_compress(plain);
  };
  const std::string body = co_await offload(pool_, std::move(job));

  std::vector<http::Header> headers;
  headers.push_back({.name = "content-type", .value = "application/x-protobuf"});
  if (compressed) headers.push_back({.name = "content-encoding", .value = "zstd"});
  if (!api_key_.empty()) headers.push_back({.name = "authorization", .value = "Bearer " + api_key_});
  const auto result = co_await poster_->post("/api/v1/ingest", std::move(headers), body);
  const std::uint64_t first_seq = records.empty() ? 0 : records.front().seq;
  co_return Sent{.answer = interpret(result, first_seq, time_.wall()), .bytes = body.size()};
}

}  // namespace mmm::agent
