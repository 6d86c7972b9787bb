#include "agent/radio/make_transport.h"

#include "agent/radio/ble/ble_transport.h"
#include "agent/radio/serial_transport.h"
#include "agent/radio/tcp_transport.h"

#include <utility>

namespace mmm::agent {

std::unique_ptr<Transport> make_transport(const RadioConfig& radio, boost::asio::any_io_executor executor,
                                          TimeSource& time) {
  switch (radio.kind) {
    case RadioConfig::Kind::kTcp:
      return std::make_unique<TcpTransport>(std::move(executor), time, radio.host, radio.port);
    case RadioConfig::Kind::kBle:
      return std::make_unique<ble::BleTransport>(std::move(executor), time,
                                                 ble::BleOptions{.wanted = radio.ble_address, .pin = radio.ble_pin});
    case RadioConfig::Kind::kSerial:
      break;
  }
  return std::make_unique<SerialTransport>(std::move(executor), time, radio.device);
}

}  // namespace mmm::agent
