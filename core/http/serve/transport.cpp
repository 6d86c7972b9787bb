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

Transport::Transport(asio::ip::tcp::socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
  boost::system::error_code ignored;
  // Answers are written whole: waiting for more to send would only delay them.
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  if (tls != nullptr) tls_ = std::make_unique<TlsStream>(std::move(socket_), *tls);
}

asio::awaitable<boost::system::error_code> Transport::shake_hands() {
  boost::system::error_code error;
  co_await tls_->async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
  co_return error;
}

asio::awaitable<void> Transport::say_goodbye() {
  boost::system::error_code ignored;
  if (tls_) co_await tls_->async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<IoResult> Transport::read_some(asio::mutable_buffer buffer) {
  IoResult result;
  auto token = asio::redirect_error(asio::use_awaitable, result.error);
  if (tls_) {
    result.bytes = co_await tls_->async_read_some(buffer, token);
  } else {
    result.bytes = co_await socket_.async_read_some(buffer, token);
  }
  co_return result;
}

asio::awaitable<IoResult> Transport::write_some(const WriteBuffers& buffers) {
  IoResult result;
  auto token = asio::redirect_error(asio::use_awaitable, result.error);
  if (tls_) {
    result.bytes = co_await tls_->async_write_some(buffers, token);
  } else {
    result.bytes = co_await socket_.async_write_some(buffers, token);
  }
  co_return result;
}

IoResult Transport::try_write(const WriteBuffers& buffers) {
  IoResult result;
  if (tls_) return result;
  result.bytes = socket_.write_some(buffers, result.error);
  if (result.error == asio::error::would_block || result.error == asio::error::try_again) result.error.clear();
  return result;
}

void Transport::shutdown_send() {
  boost::system::error_code ignored;
  socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void Transport::cancel() {
  boost::system::error_code ignored;
  socket().cancel(ignored);
}

void Transport::close() {
  boost::system::error_code ignored;
  socket().close(ignored);
}

bool Transport::readable() {
  boost::system::error_code error;
  if (tls_ && SSL_pending(tls_->native_handle()) > 0) return true;
  return socket().available(error) > 0 && !error;
}

}  // namespace mmm::http
