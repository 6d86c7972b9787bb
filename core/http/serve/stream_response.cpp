#include "core/http/serve/chunk_writer.h"
#include "core/log/log.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace mmm::http {

namespace asio = boost::asio;

asio::awaitable<Result<>> Connection::ChunkWriter::write(std::string_view bytes) {
  if (!intact_ || connection_.client_gone_) co_return fail(ErrorKind::kClosed, "the client is gone");
  if (bytes.empty()) co_return Result<>{};
  size_line_ = chunked_ ? fmt::format("{:x}\r\n", bytes.size()) : std::string();
  const std::string_view end = chunked_ ? "\r\n" : "";
  WriteBuffers buffers{asio::buffer(size_line_), asio::const_buffer(bytes.data(), bytes.size()),
                       asio::const_buffer(end.data(), end.size())};
  intact_ = false;
  const auto end_of_time = connection_.write_end(bytes.size());
  // Always through the scheduler, other than a plain response: a stream must not keep the thread to itself.
  while (asio::buffer_size(buffers) > 0) {
    connection_.arm_write(end_of_time);
    const IoResult result = co_await connection_.transport_.write_some(buffers);
    consume(buffers, result.bytes);
    if (result.error && connection_.expired_)
      co_return fail(ErrorKind::kTimeout, "the client does not read, or too slowly");
    if (result.error) co_return fail(ErrorKind::kClosed, "the client is gone");
  }
  connection_.disarm();
  intact_ = true;
  co_return Result<>{};
}

asio::awaitable<void> Connection::run_stream(const StreamFunction& function, ChunkWriter& writer) {
  std::string failure;
  try {
    co_await function(writer);
    co_return;
  } catch (const boost::system::system_error& exception) {
    if (exception.code() == asio::error::operation_aborted) co_return;
    failure = exception.what();
  } catch (const std::exception& exception) {
    failure = exception.what();
  }
  writer.set_broken();
  log::error("core/http", "BUG: the stream of {} ended by an exception: {}", route_name(), failure);
}

// Completes when the client has closed. What it sends besides is thrown away: the connection ends with the stream.
asio::awaitable<void> Connection::watch_client() {
  while (true) {
    input_.consume(input_.view().size());
    const IoResult result = co_await transport_.read_some(input_.prepare());
    if (!result.error) continue;
    client_gone_ = result.error != asio::error::operation_aborted || expired_;
    co_return;
  }
}

asio::awaitable<void> Connection::send_stream(const Response& response) {
  const bool chunked = head_.minor_version == 1;
  ChunkWriter writer(*this, chunked);
  if (!stopping_) {
    phase_ = Phase::kStreaming;
    const auto executor = transport_.executor();
    auto both = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, run_stream(response.stream, writer), asio::deferred),
        asio::co_spawn(executor, watch_client(), asio::deferred));
    // Cancelled through a signal of its own, so that this coroutine can still end the response in good order.
    co_await both.async_wait(asio::experimental::wait_for_one(asio::cancellation_type::terminal),
                             asio::bind_cancellation_slot(stream_signal_.slot(), asio::use_awaitable));
    phase_ = Phase::kBusy;
  }
  disarm();
  if (!chunked || !writer.intact() || client_gone_ || aborted_) co_return;
  constexpr std::string_view kLastChunk = "0\r\n\r\n";
  const WriteBuffers buffers{asio::const_buffer(kLastChunk.data(), kLastChunk.size())};
  static_cast<void>(co_await write(buffers));
}

}  // namespace mmm::http
