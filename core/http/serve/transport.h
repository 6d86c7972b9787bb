#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <cstddef>
#include <memory>

namespace mmm::http {

// What is left to write: the parts of a message, in order. The bytes stay with the caller.
using WriteBuffers = std::array<boost::asio::const_buffer, 3>;

// Takes `bytes` off the front.
void consume(WriteBuffers& buffers, std::size_t bytes);

struct IoResult {
  std::size_t bytes = 0;
  boost::system::error_code error;
};

// The byte stream under one connection. The only place of the server that knows what kind of stream it is.
class Transport {
 public:
  // `tls`: null, the bytes are those of the socket; otherwise shake_hands() comes before everything else. It need not
  // outlive the constructor.
  Transport(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);

  [[nodiscard]] bool is_tls() const { return tls_ != nullptr; }
  boost::asio::awaitable<boost::system::error_code> shake_hands();
  // Tells the client that nothing was cut off, and waits for it to say the same. Nothing without TLS.
  boost::asio::awaitable<void> say_goodbye();

  boost::asio::awaitable<IoResult> read_some(boost::asio::mutable_buffer buffer);
  boost::asio::awaitable<IoResult> write_some(const WriteBuffers& buffers);
  // Writes what the socket takes at once, without suspending: mostly everything, and cheaper by a trip through the
  // scheduler. 0 bytes and no error when it takes nothing now, as always with TLS.
  IoResult try_write(const WriteBuffers& buffers);

  // Says that nothing more will be sent; reading goes on.
  void shutdown_send();
  // Ends what is suspended with operation_aborted.
  void cancel();
  // Ends it and closes at once.
  void close();
  // True when bytes wait to be read.
  [[nodiscard]] bool readable();
  [[nodiscard]] boost::asio::any_io_executor executor() { return socket().get_executor(); }

 private:
  using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
  [[nodiscard]] boost::asio::ip::tcp::socket& socket() { return tls_ ? tls_->next_layer() : socket_; }

  boost::asio::ip::tcp::socket socket_;  // without TLS
  std::unique_ptr<TlsStream> tls_;       // with TLS; it has the socket
};

}  // namespace mmm::http
