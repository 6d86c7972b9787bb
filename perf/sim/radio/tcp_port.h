#pragma once

#include "core/base/result.h"
#include "perf/sim/radio/port.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>

namespace mmm::sim {

// A radio's TCP port: one client at a time, a second one kicks the first.
class TcpPort final : public Port {
 public:
  TcpPort(boost::asio::any_io_executor executor, const SessionContext& context);

  // kUnavailable when the address cannot be bound. Port 0 lets the system choose.
  Result<> listen(const std::string& host, std::uint16_t port);
  // "tcp 127.0.0.1:43211"
  [[nodiscard]] std::string name() const override;
  void begin_stop() override;

 private:
  boost::asio::awaitable<void> serve() override;
  [[nodiscard]] bool booting() const;

  boost::asio::ip::tcp::endpoint endpoint_;
  boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace mmm::sim
