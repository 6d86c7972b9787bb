#include "core/http/serve/transport.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mmm::http {

namespace asio = boost::asio;

void consume(WriteBuffers& buffers, std::size_t bytes) {
  for (asio::const_buffer& buffer : buffers) {
    const std::size_t taken = std::min(bytes, buffer.size());
    buffer += taken;
    bytes -= taken;
  }
}

Transport::Transport(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {
  boost::system::error_code ignored;
  // Answers are written whole: waiting for more to send would only delay them.
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
}

asio::awaitable<IoResult> Transport::read_some(asio::mutable_buffer buffer) {
  IoResult result;
  result.bytes = co_await socket_.async_read_some(buffer, asio::redirect_error(asio::use_awaitable, result.error));
  co_return result;
}

asio::awaitable<IoResult> Transport::write_some(const WriteBuffers& buffers) {
  IoResult result;
  result.bytes = co_await socket_.async_write_some(buffers, asio::redirect_error(asio::use_awaitable, result.error));
  co_return result;
}

IoResult Transport::try_write(const WriteBuffers& buffers) {
  IoResult result;
  result.bytes = socket_.write_some(buffers, result.error);
  if (result.error == asio::error::would_block || result.error == asio::error::try_again) result.error.clear();
  return result;
}

void Transport::shutdown_send() {
  boost::system::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void Transport::cancel() {
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Transport::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

bool Transport::readable() {
  boost::system::error_code error;
  return socket_.available(error) > 0 && !error;
}

}  // namespace mmm::http
